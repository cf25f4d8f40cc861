// The control block of a training step: sixteen doubles. The order is that of the engine's enum Control.
#pragma once

enum Control {
  LEARNING_RATE,
  STEP_COUNT,
  SKIPPED_STEPS,
  LOSS_SCALE,
  GROWTH_TRACKER,
  TOTAL_WEIGHT,
  TOTAL_LOSS,
  STEP_WEIGHT,
  STEP_LOSS,
  STEP_SCALE,
  FOUND_INF,
  UNSCALE,
  SQUARED_NORM,
  CLIP_COEFFICIENT,
  GRADIENT_FACTOR,
  MICRO_BATCHES,
};

// The columns of gradient health and of update statistics, each a row of two doubles per parameter.
enum Health { HEALTH_SQUARED_NORM, HEALTH_NON_FINITE, HEALTH_COLUMNS };
enum Statistics { SQUARED_UPDATE, SQUARED_WEIGHT, STATISTICS_COLUMNS };

#define LARGEST_FLOAT 3.40282346638528859812e+38

// A stretch of one parameter in a flat block, short enough for one block of threads. Parameters are cut into chunks in order, and
// what is summed over a parameter is first summed over each chunk and then over the chunks, always in the same order.
struct Chunk {
  long long offset;
  int count;
  int segment;
};
