/** Shapes and element types: what every floor of the tape engine speaks about. */
@NullMarked
package io.gradstream.autodiff;

import org.jspecify.annotations.NullMarked;
