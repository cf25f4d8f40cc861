// Elements folded into one along some axes. Result o folds the elements x[outer(o) + inner(r)], r being below the count: the axes
// that stay and those that go are walked by places of their own.
#include "fold.cuh"
#include "kernel.cuh"

// A block is a rectangle of threads. Where neighbouring elements are folded together, threads of one row fold one result; where
// neighbours belong to different results (columns), threads of one row take neighbouring results, and those of one column fold
// one. Many elements for few results are folded in parts, blockIdx.y telling which; join_parts then joins them in their order.
template <template <typename> class F, typename T, typename R>
__device__ void fold_part(
    const T* x, R* y, F<T>* parts, long long results, int count, const Places& outer, const Places& inner, int columns) {
  __shared__ F<T> shared[THREADS];
  int lane = columns ? threadIdx.y : threadIdx.x;
  int lanes = columns ? blockDim.y : blockDim.x;
  int side = columns ? threadIdx.x : threadIdx.y;
  int sides = columns ? blockDim.x : blockDim.y;
  for (long long first = (long long)blockIdx.x * sides; first < results; first += (long long)gridDim.x * sides) {
    long long o = first + side;
    F<T> fold;
    fold.begin();
    if (o < results) {
      long long base[1];
      outer.locate(o, base);
      int step = lanes * gridDim.y;
      for (int r = blockIdx.y * lanes + lane; r < count; r += step) {
        long long at[1];
        inner.locate(r, at);
        fold.take(x[base[0] + at[0]], r);
      }
    }
    __syncthreads();
    shared[side * lanes + lane] = fold;
    for (int half = lanes / 2; half > 0; half /= 2) {
      __syncthreads();
      if (lane < half) {
        shared[side * lanes + lane].join(shared[side * lanes + lane + half]);
      }
    }
    __syncthreads();
    if (lane == 0 && o < results) {
      if (gridDim.y == 1) {
        y[o] = shared[side * lanes].result();
      } else {
        parts[blockIdx.y * results + o] = shared[side * lanes];
      }
    }
  }
}

template <template <typename> class F, typename T, typename R>
__device__ void join_parts(const F<T>* parts, R* y, long long results, int count) {
  FOR_EACH(o, results) {
    F<T> fold = parts[o];
    for (int part = 1; part < count; part++) {
      fold.join(parts[part * results + o]);
    }
    y[o] = fold.result();
  }
}

#define REDUCTION_OF(name, F, T, R)                                                                                     \
  KERNEL name(const T* x, R* y, F<T>* parts, long long results, int count, Places outer, Places inner, int columns) {  \
    fold_part<F, T, R>(x, y, parts, results, count, outer, inner, columns);                                            \
  }                                                                                                                     \
  KERNEL name##_parts(const F<T>* parts, R* y, long long results, int count) {                                         \
    join_parts<F, T, R>(parts, y, results, count);                                                                     \
  }
#define REDUCTION(name, F)                      \
  REDUCTION_OF(name##_f32, F, float, float)     \
  REDUCTION_OF(name##_f64, F, double, double)

REDUCTION(sum, Sum)
REDUCTION(norm, Norm)
REDUCTION(max, Max)
REDUCTION(log_sum_exp, LogSumExp)
REDUCTION_OF(arg_max_f32, ArgMax, float, int)
REDUCTION_OF(arg_max_f64, ArgMax, double, int)
