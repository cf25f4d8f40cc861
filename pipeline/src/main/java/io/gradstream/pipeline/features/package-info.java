/** Turns decoded columns into the inputs, labels and weights of micro-batches. */
@NullMarked
package io.gradstream.pipeline.features;

import org.jspecify.annotations.NullMarked;
