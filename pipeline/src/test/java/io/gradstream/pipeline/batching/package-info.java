@NullMarked
package io.gradstream.pipeline.batching;

import org.jspecify.annotations.NullMarked;
