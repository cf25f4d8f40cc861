/** What leaves the trainer: versions, each one Kafka transaction. */
@NullMarked
package io.gradstream.pipeline.publish;

import org.jspecify.annotations.NullMarked;
