@NullMarked
package io.gradstream.autodiff.step;

import org.jspecify.annotations.NullMarked;
