/** A closed tape prepared for replay: one arena, static places, no allocation. */
@NullMarked
package io.gradstream.autodiff.plan;

import org.jspecify.annotations.NullMarked;
