/** Tests of io.gradstream.autodiff.diagnose. */
@NullMarked
package io.gradstream.autodiff.diagnose;

import org.jspecify.annotations.NullMarked;
