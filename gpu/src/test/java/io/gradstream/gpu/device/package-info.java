@NullMarked
package io.gradstream.gpu.device;

import org.jspecify.annotations.NullMarked;
