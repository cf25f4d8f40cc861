@NullMarked
package io.gradstream.autodiff.device.cpu;

import org.jspecify.annotations.NullMarked;
