/** A CUDA driver and cuBLAS that run the unmodified kernels on the processor, so that tests need no card. */
@NullMarked
package io.gradstream.gpu.emulator;

import org.jspecify.annotations.NullMarked;
