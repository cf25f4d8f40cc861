/** What this machine offers for CUDA: the driver, the cards and cuBLAS, or the reason why there is none. */
@NullMarked
package io.gradstream.gpu;

import org.jspecify.annotations.NullMarked;
