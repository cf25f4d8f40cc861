/**
 * A tape engine for gradients, usable alone: shapes and element types, and below them everything else.
 *
 * <p>Three words carry it. A {@linkplain io.gradstream.autodiff.tape.Tape tape} is a program: every operation that is asked of a {@link
 * io.gradstream.autodiff.tape.Tensor} is appended to it as a node. A {@linkplain io.gradstream.autodiff.plan.Plan plan} is a tape prepared
 * for replay: every value has its place in one arena, and a run is a flat list of calls that allocates nothing. A {@linkplain
 * io.gradstream.autodiff.device.Device device} is memory and the kernels that work on it.
 *
 * <p>Derivatives are {@linkplain io.gradstream.autodiff.transform transforms}: they read a tape and append the operations that compute
 * gradients to it, so that a gradient is recorded, planned and derived again like anything else.
 *
 * {@snippet :
 * try (Device device = CpuDevice.open();
 *         Tape tape = Tape.eager(device)) {                 // runs each operation as it is recorded
 *     Tensor x = tape.input("x", Literal.scalar(3));
 *     Tensor y = x.multiply(x).add(x);                      // 12
 *     double slope = Gradient.of(y, x).get(0).item();       // 7
 * }
 * }
 *
 * <p>The packages stand on floors, each knowing only those below: {@link io.gradstream.autodiff.op}, {@link
 * io.gradstream.autodiff.device}, {@link io.gradstream.autodiff.tape}, {@link io.gradstream.autodiff.transform}, {@link
 * io.gradstream.autodiff.plan}, {@link io.gradstream.autodiff.diagnose}, {@link io.gradstream.autodiff.nn}, {@link
 * io.gradstream.autodiff.step}. The engine is silent: it returns or throws.
 */
@NullMarked
package io.gradstream.autodiff;

import org.jspecify.annotations.NullMarked;
