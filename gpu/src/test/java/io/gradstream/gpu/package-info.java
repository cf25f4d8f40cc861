@NullMarked
package io.gradstream.gpu;

import org.jspecify.annotations.NullMarked;
