@NullMarked
package io.gradstream.pipeline.checkpoint;

import org.jspecify.annotations.NullMarked;
