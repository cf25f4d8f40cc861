package io.gradstream.pipeline;

import io.gradstream.pipeline.recovery.Route;
import io.gradstream.pipeline.trainer.Start;

/**
 * Where a trainer begins, and how it gets to the present from there.
 *
 * @param journalStart an offset of the journal before which nothing belongs to the model's history
 */
record Beginning(Start start, Route.Open route, long journalStart) {}
