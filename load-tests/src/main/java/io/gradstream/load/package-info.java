/** Measuring and comparing: the commands {@code gradstream bench} and {@code gradstream load}. */
@NullMarked
package io.gradstream.load;

import org.jspecify.annotations.NullMarked;
