/** The one thread that owns the model: predict, learn, step, report. */
@NullMarked
package io.gradstream.pipeline.trainer;

import org.jspecify.annotations.NullMarked;
