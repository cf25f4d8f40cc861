// Random numbers by element: nothing is drawn in sequence.
#include "kernel.cuh"
#include "random.cuh"

#define RANDOM(type, T)                                                                                              \
  KERNEL dropout_##type(                                                                                             \
      const T* x, const double* counter, T* y, long long n, long long seed, int stream, int threshold, double scale) { \
    long long count = draw_count(counter);                                                                           \
    FOR_EACH(i, n) {                                                                                                 \
      unsigned bits = word(seed, stream, count, (unsigned)(i / DRAW_GROUP), (unsigned)(i % DRAW_GROUP));             \
      y[i] = (int)(bits >> 8) >= threshold ? x[i] * (T)scale : T(0);                                                 \
    }                                                                                                                \
  }                                                                                                                  \
  KERNEL random_uniform_##type(const double* counter, T* y, long long n, long long seed, int stream) {               \
    long long count = draw_count(counter);                                                                           \
    FOR_EACH(i, n) y[i] = uniform_of(word(seed, stream, count, (unsigned)(i / DRAW_GROUP), (unsigned)(i % DRAW_GROUP))); \
  }                                                                                                                  \
  KERNEL random_normal_##type(const double* counter, T* y, long long n, long long seed, int stream) {                \
    long long count = draw_count(counter);                                                                           \
    FOR_EACH(i, n) y[i] = normal(seed, stream, count, 0, i);                                                         \
  }
RANDOM(f32, float)
RANDOM(f64, double)
