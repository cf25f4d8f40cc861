/**
 * What the engine asks of a device: memory, copies in and out, and prepared calls of kernels.
 *
 * <p>A {@link io.gradstream.autodiff.device.Buffer} is a typed place in a {@link io.gradstream.autodiff.device.Memory}; a {@link
 * io.gradstream.autodiff.device.Call} is a kernel with the places of its operands and of its result; a device compiles a list of calls
 * into a {@link io.gradstream.autodiff.device.Program}. Kernels are sealed, so a device that has to learn a new one does not compile.
 * Whoever allocates or compiles closes; nothing waits for the garbage collector.
 *
 * <p>{@link io.gradstream.autodiff.device.reference} is plain Java in double precision, the truth that all others are held to; {@link
 * io.gradstream.autodiff.device.cpu} is the fast one. The same operations on the same device give the same bits, whatever the threads.
 */
@NullMarked
package io.gradstream.autodiff.device;

import org.jspecify.annotations.NullMarked;
