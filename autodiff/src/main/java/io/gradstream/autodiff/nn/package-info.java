/** Models: layers, losses, initial weights, and the counter-based random numbers they come from. */
@NullMarked
package io.gradstream.autodiff.nn;

import org.jspecify.annotations.NullMarked;
