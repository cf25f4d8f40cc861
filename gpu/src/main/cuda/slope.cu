// The way of a cotangent back through an activation whose result is known, where one of the two is rounded; and its sum over the rows.
#include "fold.cuh"
#include "kernel.cuh"
#include "numbers.cuh"
#include "slope.cuh"

__device__ inline void store(float* y, float x) { *y = x; }

template <typename Activation, typename R, typename Y>
__device__ void slope_product(const float* cotangent, const R* result, Y* y, long long n) {
  FOR_EACH(i, n) store(&y[i], cotangent[i] * Activation::slope(number(result[i])));
}

// Threads of one row of a block take neighbouring columns, those of a column take rows in turn; blockIdx.y tells which part of the rows.
template <typename Activation, typename R>
__device__ void slope_sum(
    const float* cotangent, const R* result, float* y, Sum<float>* parts, int rows, int columns) {
  __shared__ Sum<float> shared[THREADS];
  int lanes = blockDim.y;
  Sum<float>* mine = &shared[threadIdx.x * lanes + threadIdx.y];
  for (int first = blockIdx.x * blockDim.x; first < columns; first += gridDim.x * blockDim.x) {
    int column = first + threadIdx.x;
    Sum<float> fold = {0};
    int end = column < columns ? rows : 0;
    for (int row = blockIdx.y * lanes + threadIdx.y; row < end; row += lanes * gridDim.y) {
      long long i = (long long)row * columns + column;
      fold.sum += cotangent[i] * Activation::slope(number(result[i]));
    }
    __syncthreads();
    *mine = fold;
    for (int half = lanes / 2; half > 0; half /= 2) {
      __syncthreads();
      if (threadIdx.y < half) {
        mine->join(mine[half]);
      }
    }
    if (threadIdx.y == 0 && column < columns) {
      if (gridDim.y == 1) {
        y[column] = mine->sum;
      } else {
        parts[(long long)blockIdx.y * columns + column] = *mine;
      }
    }
  }
}

#define PRODUCT(name, Activation, from, R, to, Y)                                                              \
  KERNEL name##_slope_product_##from##_##to(const float* cotangent, const R* result, Y* y, long long n) {      \
    slope_product<Activation, R, Y>(cotangent, result, y, n);                                                  \
  }
#define SUM(name, Activation, from, R)                                                                         \
  KERNEL name##_slope_sum_##from(                                                                              \
      const float* cotangent, const R* result, float* y, Sum<float>* parts, int rows, int columns) {           \
    slope_sum<Activation, R>(cotangent, result, y, parts, rows, columns);                                      \
  }
#define SLOPES(name, Activation)                                                                               \
  PRODUCT(name, Activation, f32, float, f16, __half)                                                           \
  PRODUCT(name, Activation, f32, float, bf16, __nv_bfloat16)                                                   \
  PRODUCT(name, Activation, f16, __half, f32, float)                                                           \
  PRODUCT(name, Activation, f16, __half, f16, __half)                                                          \
  PRODUCT(name, Activation, bf16, __nv_bfloat16, f32, float)                                                   \
  PRODUCT(name, Activation, bf16, __nv_bfloat16, bf16, __nv_bfloat16)                                          \
  SUM(name, Activation, f32, float)                                                                            \
  SUM(name, Activation, f16, __half)                                                                           \
  SUM(name, Activation, bf16, __nv_bfloat16)

SLOPES(relu, Relu)
SLOPES(sigmoid, Sigmoid)
SLOPES(tanh, Tanh)
