@NullMarked
package io.gradstream.gpu.driver;

import org.jspecify.annotations.NullMarked;
