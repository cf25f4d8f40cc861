/** Checks of derivative rules against numbers. */
@NullMarked
package io.gradstream.autodiff.check;

import org.jspecify.annotations.NullMarked;
