/** From Kafka's bytes to rows by column, in parallel and in order. */
@NullMarked
package io.gradstream.pipeline.decoding;

import org.jspecify.annotations.NullMarked;
