// The same numbers in another element type: to nearest, ties to even; too large becomes infinite, I32 truncates, U8 keeps the low byte.
#include "four.cuh"
#include "kernel.cuh"
#include "numbers.cuh"

// A double as a float that is odd in its last bit wherever it is not exact: rounding that once more rounds the double.
__device__ inline float to_odd(double x) {
  float near = (float)x;
  if ((double)near == x || x != x) {
    return near;
  }
  int bits = __float_as_int(near);
  bool beyond = fabs((double)near) > fabs(x);
  return __int_as_float((beyond ? bits - 1 : bits) | 1);
}

// As Java casts: towards zero, held within the range, 0 if it is no number.
__device__ inline int truncated(double x) {
  return x != x ? 0 : x >= 2147483647.0 ? 2147483647 : x <= -2147483648.0 ? -2147483647 - 1 : (int)x;
}

__device__ inline void store(double* y, double x) { *y = x; }
__device__ inline void store(float* y, double x) { *y = (float)x; }
__device__ inline void store(__half* y, double x) { *y = __float2half_rn(to_odd(x)); }
__device__ inline void store(__nv_bfloat16* y, double x) { *y = __float2bfloat16_rn(to_odd(x)); }
__device__ inline void store(int* y, double x) { *y = truncated(x); }
__device__ inline void store(unsigned char* y, double x) { *y = (unsigned char)(truncated(x) & 0xFF); }

// A kernel named x4 counts in fours of neighbours.
#define CAST(from, F, to, T)                                                                             \
  KERNEL cast_##from##_##to(const F* x, T* y, long long n) { FOR_EACH(i, n) store(&y[i], number(x[i])); } \
  KERNEL cast_##from##_##to##x4(const Four<F>* x, Four<T>* y, long long n) {                             \
    FOR_EACH(i, n) {                                                                                     \
      Four<F> four = x[i];                                                                               \
      Four<T> stored;                                                                                    \
      FOR_EACH_OF_FOUR(k) store(&stored.at[k], number(four.at[k]));                                      \
      y[i] = stored;                                                                                     \
    }                                                                                                    \
  }
#define CASTS_TO(to, T)               \
  CAST(f64, double, to, T)            \
  CAST(f32, float, to, T)             \
  CAST(bf16, __nv_bfloat16, to, T)    \
  CAST(f16, __half, to, T)            \
  CAST(i32, int, to, T)               \
  CAST(u8, unsigned char, to, T)

CASTS_TO(f64, double)
CASTS_TO(f32, float)
CASTS_TO(bf16, __nv_bfloat16)
CASTS_TO(f16, __half)
CASTS_TO(i32, int)
CASTS_TO(u8, unsigned char)
