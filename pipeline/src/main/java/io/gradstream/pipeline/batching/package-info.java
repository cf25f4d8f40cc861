/** From decoded records to whole steps: positions, row ranges, the ring of micro-batches, flush and stop. */
@NullMarked
package io.gradstream.pipeline.batching;

import org.jspecify.annotations.NullMarked;
