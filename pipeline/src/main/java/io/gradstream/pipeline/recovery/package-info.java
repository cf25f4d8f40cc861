/** From a checkpoint to the newest version on the topic: the same rows once more, and proof that the same weights came out. */
@NullMarked
package io.gradstream.pipeline.recovery;

import org.jspecify.annotations.NullMarked;
