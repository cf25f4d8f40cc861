/** Tests of io.gradstream.autodiff.device. */
@NullMarked
package io.gradstream.autodiff.device;

import org.jspecify.annotations.NullMarked;
