/** The CPU device: matrix products by oneDNN, everything else by the JDK's Vector API, both with a plain Java equal beside. */
@NullMarked
package io.gradstream.autodiff.device.cpu;

import org.jspecify.annotations.NullMarked;
