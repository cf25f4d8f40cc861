/** The trainer's whole state as one value, and that value on disk. */
@NullMarked
package io.gradstream.pipeline.checkpoint;

import org.jspecify.annotations.NullMarked;
