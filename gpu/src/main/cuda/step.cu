// What a training step does on flat blocks and on the control block, without asking the host anything.
#include "control.cuh"
#include "fold.cuh"
#include "kernel.cuh"
#include "random.cuh"

#define BLOCKWISE(type, T)                                                                                          \
  KERNEL accumulate_##type(T* target, const T* source, long long n) { FOR_EACH(i, n) target[i] += source[i]; }      \
  /* Σ g² of each chunk, in double. */                                                                              \
  KERNEL chunk_squares_##type(const T* gradients, const Chunk* chunks, double* squares, int count) {                \
    __shared__ Sum<double> shared[THREADS];                                                                         \
    for (int c = blockIdx.x; c < count; c += gridDim.x) {                                                           \
      Sum<double> fold = {0};                                                                                       \
      for (int i = threadIdx.x; i < chunks[c].count; i += blockDim.x) {                                             \
        double g = gradients[chunks[c].offset + i];                                                                 \
        fold.sum += g * g;                                                                                          \
      }                                                                                                             \
      double sum = joined(fold, shared).sum;                                                                        \
      if (threadIdx.x == 0) {                                                                                       \
        squares[c] = sum;                                                                                           \
      }                                                                                                             \
    }                                                                                                               \
  }                                                                                                                 \
  /* Moves a running average of weights: to where they are in the first step, part of the way after it. */          \
  KERNEL average_weights_##type(T* average, const T* weights, const double* control, long long n, double decay) {   \
    if (control[FOUND_INF] != 0) {                                                                                  \
      return;                                                                                                       \
    }                                                                                                               \
    bool first = control[STEP_COUNT] == 1;                                                                          \
    T gain = (T)(1 - decay);                                                                                        \
    FOR_EACH(i, n) average[i] = first ? weights[i] : average[i] + (weights[i] - average[i]) * gain;                 \
  }

BLOCKWISE(f32, float)
BLOCKWISE(f64, double)

// One thread for a parameter: its chunks in order. first[s] is the first chunk of parameter s, first[s + 1] the one behind its last.
KERNEL gradient_health(const double* squares, const int* first, double* health, int segments) {
  FOR_EACH(s, segments) {
    double sum = 0;
    for (int c = first[s]; c < first[s + 1]; c++) {
      sum += squares[c];
    }
    health[s * HEALTH_COLUMNS + HEALTH_SQUARED_NORM] = sum;
    health[s * HEALTH_COLUMNS + HEALTH_NON_FINITE] = isfinite(sum) ? 0 : 1;
  }
}

// Counts a micro-batch. Rows without weight do not count, whatever their loss is. One block.
KERNEL tally_loss(double* control, const float* losses, const float* weights, int rows) {
  __shared__ Sum<double> shared[THREADS];
  Sum<double> loss = {0};
  Sum<double> weight = {0};
  for (int row = threadIdx.x; row < rows; row += blockDim.x) {
    if (weights[row] != 0) {
      loss.sum += (double)weights[row] * losses[row];
      weight.sum += weights[row];
    }
  }
  double totalLoss = joined(loss, shared).sum;
  double totalWeight = joined(weight, shared).sum;
  if (threadIdx.x == 0) {
    control[TOTAL_LOSS] += totalLoss;
    control[TOTAL_WEIGHT] += totalWeight;
    control[MICRO_BATCHES] += 1;
  }
}

// Closes the accumulation of a step: finds the factor of its gradients, decides whether it is taken, moves the loss scale. One thread.
KERNEL scale_and_clip(
    double* control,
    const double* health,
    int rows,
    double growth,
    double backoff,
    double interval,
    double maxNorm,
    double divisor) {
  if (blockIdx.x != 0 || threadIdx.x != 0) {
    return;
  }
  double weight = control[TOTAL_WEIGHT];
  double scale = control[LOSS_SCALE];
  double loss = control[TOTAL_LOSS] / weight;
  control[STEP_WEIGHT] = weight;
  control[STEP_LOSS] = loss;
  control[STEP_SCALE] = scale;
  control[TOTAL_WEIGHT] = 0;
  control[TOTAL_LOSS] = 0;

  double unscale = divisor / (weight * scale);
  double sum = 0;
  bool finite = isfinite(loss);
  for (int row = 0; row < rows; row++) {
    sum += health[row * HEALTH_COLUMNS + HEALTH_SQUARED_NORM];
    finite = finite && health[row * HEALTH_COLUMNS + HEALTH_NON_FINITE] == 0;
  }
  double squaredNorm = unscale * unscale * sum;
  double coefficient = maxNorm / (sqrt(squaredNorm) + 1e-6);
  coefficient = coefficient < 1 || coefficient != coefficient ? coefficient : 1;
  finite = finite && coefficient * coefficient * squaredNorm <= LARGEST_FLOAT;
  control[UNSCALE] = unscale;
  control[SQUARED_NORM] = squaredNorm;
  control[FOUND_INF] = finite ? 0 : 1;
  control[CLIP_COEFFICIENT] = finite ? coefficient : 1;
  control[GRADIENT_FACTOR] = finite ? unscale * coefficient : 0;
  if (!finite) {
    control[SKIPPED_STEPS] += 1;
    control[LOSS_SCALE] = scale * backoff > 1 ? scale * backoff : 1;
    control[GROWTH_TRACKER] = 0;
    return;
  }
  control[STEP_COUNT] += 1;
  control[GROWTH_TRACKER] += 1;
  if (control[GROWTH_TRACKER] == interval) {
    double grown = scale * growth;
    if (isfinite((float)grown)) {
      control[LOSS_SCALE] = grown;
    }
    control[GROWTH_TRACKER] = 0;
  }
}

// What normal numbers are multiplied by to be noise of gradients that the optimizer multiplies by their factor; 0 in a skipped step.
__device__ double noise_scale(const double* control, double variance, double decay) {
  double factor = control[GRADIENT_FACTOR];
  return control[FOUND_INF] != 0 || factor == 0 ? 0 : sqrt(variance / pow(control[STEP_COUNT], decay)) / factor;
}

// Noise on the gradients of one parameter.
#define NOISE(type, T)                                                                                             \
  KERNEL add_noise_##type(                                                                                         \
      T* gradients, const double* control, long long n, long long seed, int stream, double variance, double decay) { \
    double scale = noise_scale(control, variance, decay);                                                          \
    if (scale == 0) {                                                                                              \
      return;                                                                                                      \
    }                                                                                                              \
    long long step = (long long)control[STEP_COUNT];                                                               \
    FOR_EACH(i, n) gradients[i] = (T)(gradients[i] + scale * normal(seed, stream, step, 0, i));                    \
  }                                                                                                                \
  /* Noise on the gradients of a table's touched rows: the numbers follow from the row, whatever slot it has. */   \
  KERNEL add_row_noise_##type(                                                                                     \
      T* gradients, const double* control, const int* index, int width, long long seed, int stream, double variance, \
      double decay) {                                                                                              \
    double scale = noise_scale(control, variance, decay);                                                          \
    long long n = scale == 0 ? 0 : (long long)index[0] * width;                                                    \
    long long step = (long long)control[STEP_COUNT];                                                               \
    int groups = (width + DRAW_GROUP / 2 - 1) / (DRAW_GROUP / 2);                                                  \
    FOR_EACH(i, n) {                                                                                               \
      unsigned group = (unsigned)index[1 + i / width] * groups;                                                    \
      gradients[i] = (T)(gradients[i] + scale * normal(seed, stream, step, group, i % width));                     \
    }                                                                                                              \
  }
NOISE(f32, float)
NOISE(f64, double)
