/** What watches over a model in training: poison, drift, divergence, and what may be published. */
@NullMarked
package io.gradstream.pipeline.guard;

import org.jspecify.annotations.NullMarked;
