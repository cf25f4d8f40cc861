/**
 * What is wrong with a tape, said with the operation, the line that recorded it and the facts: before it runs ({@link
 * io.gradstream.autodiff.diagnose.Lint}), where a step begins ({@link io.gradstream.autodiff.diagnose.ZeroGuard}), after a number was not finite ({@link io.gradstream.autodiff.diagnose.Anomaly}), and
 * from the size of gradients over depth ({@link io.gradstream.autodiff.diagnose.DepthProfile}).
 *
 * <p>Nothing here runs unless it is asked, so nothing here costs while all is well.
 */
@NullMarked
package io.gradstream.autodiff.diagnose;

import org.jspecify.annotations.NullMarked;
