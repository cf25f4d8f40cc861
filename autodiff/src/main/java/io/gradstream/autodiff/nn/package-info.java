/** Models: layers, losses and initial weights. */
@NullMarked
package io.gradstream.autodiff.nn;

import org.jspecify.annotations.NullMarked;
