/**
 * The CUDA driver as the device uses it: a card's context, memory, streams, kernels with prepared arguments, captured graphs, and cuBLAS.
 *
 * <p>Each class owns one thing of the driver and gives it back when it is closed. Every error of the driver becomes a {@link
 * io.gradstream.gpu.driver.CudaException} that names the function.
 */
@NullMarked
package io.gradstream.gpu.driver;

import org.jspecify.annotations.NullMarked;
