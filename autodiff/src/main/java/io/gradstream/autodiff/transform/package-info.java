/** Transforms of a tape: derivatives and precision, all of them written in operations of the tape. */
@NullMarked
package io.gradstream.autodiff.transform;

import org.jspecify.annotations.NullMarked;
