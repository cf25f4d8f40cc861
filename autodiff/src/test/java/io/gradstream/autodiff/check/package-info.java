/** Tests of io.gradstream.autodiff.check. */
@NullMarked
package io.gradstream.autodiff.check;

import org.jspecify.annotations.NullMarked;
