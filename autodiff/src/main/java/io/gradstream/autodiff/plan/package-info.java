/**
 * A tape prepared for replay: dead and repeated steps are gone, every value has a static place in one arena, and a run allocates nothing.
 *
 * {@snippet :
 * Tape tape = Tape.recording();
 * Tensor x = tape.input("x", TensorType.of(DType.F32, 2));
 * Tensor y = x.square().add(1);
 * try (Device device = CpuDevice.open();
 *         Plan plan = Plan.compile(tape, device, y)) {
 *     plan.write("x", 2, 3);
 *     plan.run();
 *     double[] values = plan.values(y);                    // 5, 10
 * }
 * }
 *
 * <p>Leaves live in the plan's arena or in buffers bound to them by name, and keep their content between runs; outputs stay readable until
 * the next run; any other value's place is used again after its last reader. What operations write in place into leaves is how a plan
 * learns: a training step is a plan whose parameters are overwritten. {@link io.gradstream.autodiff.plan.Shadow} runs the same tape eagerly
 * beside a plan and demands equality.
 */
@NullMarked
package io.gradstream.autodiff.plan;

import org.jspecify.annotations.NullMarked;
