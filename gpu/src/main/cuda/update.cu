// Optimizer steps on flat blocks: unscale and clip by one factor, update, statistics, and zeros for the gradients, in one pass.
#include "fold.cuh"
#include "kernel.cuh"
#include "rules.cuh"

// One block of threads for a chunk; chunks of no segment are padding, of which only gradients are cleared.
template <template <typename> class Rule, typename T>
__device__ void update(
    T* p, T* g, MomentBlocks<T> moments, const double* control, const Chunk* chunks, Change* changes, int count, int clears,
    const Settings& settings) {
  __shared__ Change shared[THREADS];
  bool skips = control[FOUND_INF] != 0;
  T factor = (T)control[GRADIENT_FACTOR];
  Rule<T> rule(settings, control);
  for (int c = blockIdx.x; c < count; c += gridDim.x) {
    Chunk chunk = chunks[c];
    Change change = {0, 0};
    for (int k = threadIdx.x; k < chunk.count; k += blockDim.x) {
      long long i = chunk.offset + k;
      if (chunk.segment >= 0) {
        T before = p[i];
        T after = before;
        if (!skips) {
          T m[MOMENTS];
          moments.read(i, m);
          after = rule.update(before, g[i] * factor, m);
          moments.write(i, m);
          p[i] = after;
        }
        double moved = (double)after - before;
        change.update += moved * moved;
        change.weight += (double)after * after;
      }
      if (clears) {
        g[i] = 0;
      }
    }
    Change all = joined(change, shared);
    if (threadIdx.x == 0) {
      changes[c] = all;
    }
  }
}

#define UPDATE(name, Rule)                                                                                              \
  KERNEL update_##name##_f32(                                                                                           \
      float* p, float* g, float* m0, float* m1, float* m2, const double* control, const Chunk* chunks, Change* changes, \
      int count, int clears, Settings settings) {                                                                       \
    update<Rule, float>(p, g, MomentBlocks<float>{{m0, m1, m2}}, control, chunks, changes, count, clears, settings);    \
  }                                                                                                                     \
  KERNEL update_##name##_f64(                                                                                           \
      double* p, double* g, double* m0, double* m1, double* m2, const double* control, const Chunk* chunks,             \
      Change* changes, int count, int clears, Settings settings) {                                                      \
    update<Rule, double>(p, g, MomentBlocks<double>{{m0, m1, m2}}, control, chunks, changes, count, clears, settings);  \
  }
FOR_EACH_RULE(UPDATE)

// One thread for a parameter: its chunks in order.
KERNEL update_statistics(const Change* changes, const int* first, double* statistics, int segments) {
  FOR_EACH(s, segments) {
    Change sum = {0, 0};
    for (int c = first[s]; c < first[s + 1]; c++) {
      sum.join(changes[c]);
    }
    statistics[s * STATISTICS_COLUMNS + SQUARED_UPDATE] = sum.update;
    statistics[s * STATISTICS_COLUMNS + SQUARED_WEIGHT] = sum.weight;
  }
}
