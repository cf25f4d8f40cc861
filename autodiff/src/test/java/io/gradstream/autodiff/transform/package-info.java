/** Tests of io.gradstream.autodiff.transform. */
@NullMarked
package io.gradstream.autodiff.transform;

import org.jspecify.annotations.NullMarked;
