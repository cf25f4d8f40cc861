/**
 * The training step: parameter blocks, mixed precision, accumulation, clipping, optimizers and gradient health, recorded once and replayed.
 *
 * <p>A {@link io.gradstream.autodiff.step.StepSpec} fixes the arithmetic, {@link io.gradstream.autodiff.step.TrainingStep} runs it: {@link
 * io.gradstream.autodiff.step.TrainingStep#accumulate(io.gradstream.autodiff.step.MicroBatch) accumulate} is forward and backward of one
 * micro-batch, {@link io.gradstream.autodiff.step.TrainingStep#step step} unscales, checks, clips, updates and zeroes, in this order. Both
 * are plans: a device never asks the host in the middle of a step, and the {@link io.gradstream.autodiff.step.StepReport} is read
 * afterwards. When a step overflowed, {@link io.gradstream.autodiff.step.TrainingStep#blame blame} names the operation.
 */
@NullMarked
package io.gradstream.autodiff.step;

import org.jspecify.annotations.NullMarked;
