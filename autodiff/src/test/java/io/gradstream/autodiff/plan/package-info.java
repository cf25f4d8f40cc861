/** Tests of io.gradstream.autodiff.plan. */
@NullMarked
package io.gradstream.autodiff.plan;

import org.jspecify.annotations.NullMarked;
