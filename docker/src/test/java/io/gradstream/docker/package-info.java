/** The product image, built and run. */
@NullMarked
package io.gradstream.docker;

import org.jspecify.annotations.NullMarked;
