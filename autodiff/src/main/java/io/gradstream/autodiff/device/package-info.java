/** What the engine asks of a device: memory, and prepared calls of kernels. */
@NullMarked
package io.gradstream.autodiff.device;

import org.jspecify.annotations.NullMarked;
