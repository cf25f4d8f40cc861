/** Progressive validation: what the model says of every row before it learns from it, scored. */
@NullMarked
package io.gradstream.pipeline.progress;

import org.jspecify.annotations.NullMarked;
