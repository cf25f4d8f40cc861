/** Tests of io.gradstream.autodiff.op. */
@NullMarked
package io.gradstream.autodiff.op;

import org.jspecify.annotations.NullMarked;
