/**
 * Checks of derivative rules against numbers: {@link io.gradstream.autodiff.check.GradientCheck} compares what rules say with central
 * differences in double precision, for any function of tensors and so for users' own rules, and names operation, input and element of
 * whatever differs.
 */
@NullMarked
package io.gradstream.autodiff.check;

import org.jspecify.annotations.NullMarked;
