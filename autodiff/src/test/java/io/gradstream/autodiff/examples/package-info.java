/** Programs and extensions that the documentation quotes, compiled and run here. */
@NullMarked
package io.gradstream.autodiff.examples;

import org.jspecify.annotations.NullMarked;
