/** The training step: parameter blocks, mixed precision, clipping, optimizers and gradient health, recorded once and replayed. */
@NullMarked
package io.gradstream.autodiff.step;

import org.jspecify.annotations.NullMarked;
