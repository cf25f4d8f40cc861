// Functions of whole rows: each is walked by the threads of one row of a block.
#include "fold.cuh"
#include "kernel.cuh"

// Runs what follows for every row, by all threads of a block's row together; a row behind the last does nothing but wait with them.
#define FOR_EACH_ROW(row, rows)                                                           \
  for (long long first = (long long)blockIdx.x * blockDim.y, row = first + threadIdx.y;   \
       first < (rows); first += (long long)gridDim.x * blockDim.y, row = first + threadIdx.y)
#define FOR_EACH_COLUMN(i, row, rows, columns) \
  for (int i = threadIdx.x; i < ((row) < (rows) ? (columns) : 0); i += blockDim.x)

// log Σ eˣ of a row in two parts, lest a large one swallow the small one; no number where the largest is infinite.
template <typename T>
struct Normalizer {
  T largest;
  T rest;
  __device__ T log_share(T x) const { return x - largest - rest; }
};

template <typename T>
__device__ Normalizer<T> normalizer(const T* x, long long row, long long rows, int columns, LogSumExp<T>* shared) {
  LogSumExp<T> fold;
  fold.begin();
  FOR_EACH_COLUMN(i, row, rows, columns) fold.take(x[row * columns + i], i);
  LogSumExp<T> all = joined(fold, shared);
  return {all.largest, isinf(all.largest) ? all.largest - all.largest : log(all.sum)};
}

template <typename T, bool EXPONENTIATE>
__device__ void softmax(const T* x, T* y, long long rows, int columns) {
  __shared__ LogSumExp<T> shared[THREADS];
  FOR_EACH_ROW(row, rows) {
    Normalizer<T> all = normalizer(x, row, rows, columns, shared);
    FOR_EACH_COLUMN(i, row, rows, columns) {
      T share = all.log_share(x[row * columns + i]);
      y[row * columns + i] = EXPONENTIATE ? exp(share) : share;
    }
  }
}

template <typename T>
__device__ void cross_entropy(const T* logits, const int* classes, T* losses, long long rows, int columns, Fault* fault) {
  __shared__ LogSumExp<T> shared[THREADS];
  FOR_EACH_ROW(row, rows) {
    Normalizer<T> all = normalizer(logits, row, rows, columns, shared);
    if (row < rows && threadIdx.x == 0) {
      losses[row] = -all.log_share(logits[row * columns + checked(classes[row], columns, FAULT_CLASS, fault)]);
    }
  }
}

template <typename T>
__device__ T mean_of(const T* x, long long row, long long rows, int columns, Sum<T>* shared) {
  Sum<T> fold;
  fold.begin();
  FOR_EACH_COLUMN(i, row, rows, columns) fold.take(x[row * columns + i], i);
  return joined(fold, shared).sum / columns;
}

template <typename T>
__device__ T inverse_deviation_of(
    const T* x, long long row, long long rows, int columns, T mean, T epsilon, Sum<T>* shared) {
  Sum<T> fold;
  fold.begin();
  FOR_EACH_COLUMN(i, row, rows, columns) {
    T distance = x[row * columns + i] - mean;
    fold.sum += distance * distance;
  }
  return 1 / sqrt(joined(fold, shared).sum / columns + epsilon);
}

template <typename T>
__device__ void standardize(const T* x, T* y, long long rows, int columns, int centered, T epsilon) {
  __shared__ Sum<T> shared[THREADS];
  FOR_EACH_ROW(row, rows) {
    T mean = centered ? mean_of(x, row, rows, columns, shared) : T(0);
    T scale = inverse_deviation_of(x, row, rows, columns, mean, epsilon, shared);
    FOR_EACH_COLUMN(i, row, rows, columns) y[row * columns + i] = (x[row * columns + i] - mean) * scale;
  }
}

template <typename T>
__device__ void inverse_deviation(const T* x, T* y, long long rows, int columns, int centered, T epsilon) {
  __shared__ Sum<T> shared[THREADS];
  FOR_EACH_ROW(row, rows) {
    T mean = centered ? mean_of(x, row, rows, columns, shared) : T(0);
    T scale = inverse_deviation_of(x, row, rows, columns, mean, epsilon, shared);
    if (row < rows && threadIdx.x == 0) {
      y[row] = scale;
    }
  }
}

template <typename T>
__device__ void deflate(const T* y, const T* v, T* out, long long rows, int columns, int centered) {
  __shared__ Sum<T> shared[THREADS];
  FOR_EACH_ROW(row, rows) {
    T mean = centered ? mean_of(v, row, rows, columns, shared) : T(0);
    Sum<T> fold;
    fold.begin();
    FOR_EACH_COLUMN(i, row, rows, columns) fold.take(y[row * columns + i] * v[row * columns + i], i);
    T along = joined(fold, shared).sum / columns;
    FOR_EACH_COLUMN(i, row, rows, columns) {
      long long at = row * columns + i;
      out[at] = v[at] - mean - y[at] * along;
    }
  }
}

#define ROWWISE(type, T)                                                                                              \
  KERNEL softmax_##type(const T* x, T* y, long long rows, int columns) { softmax<T, true>(x, y, rows, columns); }     \
  KERNEL log_softmax_##type(const T* x, T* y, long long rows, int columns) { softmax<T, false>(x, y, rows, columns); } \
  KERNEL softmax_cross_entropy_##type(                                                                                \
      const T* logits, const int* classes, T* losses, long long rows, int columns, Fault* fault) {                   \
    cross_entropy(logits, classes, losses, rows, columns, fault);                                                     \
  }                                                                                                                   \
  KERNEL standardize_##type(const T* x, T* y, long long rows, int columns, int centered, double epsilon) {            \
    standardize<T>(x, y, rows, columns, centered, (T)epsilon);                                                        \
  }                                                                                                                   \
  KERNEL inverse_deviation_##type(const T* x, T* y, long long rows, int columns, int centered, double epsilon) {      \
    inverse_deviation<T>(x, y, rows, columns, centered, (T)epsilon);                                                  \
  }                                                                                                                   \
  KERNEL deflate_##type(const T* y, const T* v, T* out, long long rows, int columns, int centered) {                  \
    deflate(y, v, out, rows, columns, centered);                                                                      \
  }
ROWWISE(f32, float)
ROWWISE(f64, double)

// 1 where a query may look at a key, else 0. Without lengths there is one row of them for all.
KERNEL visibility(const int* lengths, float* y, long long n, int queries, int keys, int causal, Fault* fault) {
  FOR_EACH(i, n) {
    int key = (int)(i % keys);
    int query = (int)(i / keys % queries);
    int count = keys;
    if (lengths) {
      count = checked(lengths[i / keys / queries], keys + 1LL, FAULT_LENGTH, fault);
    }
    int visible = causal && query + 1 < count ? query + 1 : count;
    y[i] = key < visible ? 1.0f : 0.0f;
  }
}
