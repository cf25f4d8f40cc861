// Attention and its gradient. Probabilities lie in a workspace [entries, queries, keys] in between; a query's probabilities of keys that
// it does not see are 0. An entry is one head of one batch entry.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "fold.cuh"
#include "kernel.cuh"

// Where the rows of one operand begin.
struct Rows {
  long long start;
  long long ofBatch;
  long long ofHead;
  long long ofRow;
  __device__ long long at(int batch, int head, int row) const {
    return start + batch * ofBatch + head * ofHead + row * ofRow;
  }
};

struct Layout {
  int heads;
  int queries;
  int keys;
  int width;
  int causal;
  float scale;
  Rows q;
  Rows k;
  Rows v;
  Rows output;
  Rows toQueries;
  Rows toKeys;
  Rows toValues;
};

__device__ inline float number(float x) { return x; }
__device__ inline float number(__half x) { return __half2float(x); }
__device__ inline float number(__nv_bfloat16 x) { return __bfloat162float(x); }

template <typename T>
__device__ float dot(const T* a, const T* b, int width) {
  float sum = 0;
  for (int column = 0; column < width; column++) {
    sum += number(a[column]) * number(b[column]);
  }
  return sum;
}

// How many keys a query sees.
__device__ inline int seen(const Layout& layout, const int* lengths, int batch, int query, Fault* fault) {
  int count = lengths ? checked(lengths[batch], layout.keys + 1LL, FAULT_LENGTH, fault) : layout.keys;
  return layout.causal && query + 1 < count ? query + 1 : count;
}

// One block of threads for a query: its scores, and their softmax.
template <typename T>
__device__ void probabilities(
    const T* q, const T* k, const int* lengths, float* p, int entries, const Layout& layout, Fault* fault) {
  __shared__ Max<float> maxima[THREADS];
  __shared__ Sum<float> sums[THREADS];
  for (long long row = blockIdx.x; row < (long long)entries * layout.queries; row += gridDim.x) {
    int query = (int)(row % layout.queries);
    int entry = (int)(row / layout.queries);
    int batch = entry / layout.heads;
    int head = entry % layout.heads;
    int visible = seen(layout, lengths, batch, query, fault);
    float* mine = p + row * layout.keys;
    Max<float> largest;
    largest.begin();
    for (int key = threadIdx.x; key < visible; key += blockDim.x) {
      mine[key] = layout.scale *
                  dot(q + layout.q.at(batch, head, query), k + layout.k.at(batch, head, key), layout.width);
      largest.take(mine[key], 0);
    }
    float shift = joined(largest, maxima).largest;
    Sum<float> sum = {0};
    for (int key = threadIdx.x; key < visible; key += blockDim.x) {
      mine[key] = exp(mine[key] - shift);
      sum.sum += mine[key];
    }
    float total = joined(sum, sums).sum;
    for (int key = threadIdx.x; key < layout.keys; key += blockDim.x) {
      mine[key] = key < visible ? mine[key] / total : 0.0f;
    }
  }
}

// One thread for an element of the result.
template <typename T>
__device__ void output(const T* v, const float* p, float* y, long long n, const Layout& layout) {
  FOR_EACH(i, n) {
    int column = (int)(i % layout.width);
    long long row = i / layout.width;
    int query = (int)(row % layout.queries);
    int entry = (int)(row / layout.queries);
    int batch = entry / layout.heads;
    int head = entry % layout.heads;
    float sum = 0;
    for (int key = 0; key < layout.keys; key++) {
      float share = p[row * layout.keys + key];
      if (share != 0) {
        sum += share * number(v[layout.v.at(batch, head, key) + column]);
      }
    }
    y[layout.output.at(batch, head, query) + column] = sum;
  }
}

// The slopes of the scores, s = p·(dp - Σ p·dp)·scale with dp the cotangent of the probabilities. One block of threads for a query.
template <typename T>
__device__ void slopes(const T* v, const T* g, const float* p, float* s, int entries, const Layout& layout) {
  __shared__ Sum<float> sums[THREADS];
  for (long long row = blockIdx.x; row < (long long)entries * layout.queries; row += gridDim.x) {
    int query = (int)(row % layout.queries);
    int entry = (int)(row / layout.queries);
    int batch = entry / layout.heads;
    int head = entry % layout.heads;
    const float* shares = p + row * layout.keys;
    float* mine = s + row * layout.keys;
    Sum<float> mean = {0};
    for (int key = threadIdx.x; key < layout.keys; key += blockDim.x) {
      mine[key] = shares[key] == 0 ? 0.0f
                                   : dot(g + layout.output.at(batch, head, query), v + layout.v.at(batch, head, key),
                                         layout.width);
      mean.sum += shares[key] * mine[key];
    }
    float all = joined(mean, sums).sum;
    for (int key = threadIdx.x; key < layout.keys; key += blockDim.x) {
      mine[key] = shares[key] == 0 ? 0.0f : shares[key] * (mine[key] - all) * layout.scale;
    }
  }
}

// One thread for an element of the cotangents of queries (rows = queries) or of keys and values (rows = keys).
template <typename T>
__device__ void to_queries(const T* k, const float* s, float* y, long long n, const Layout& layout) {
  FOR_EACH(i, n) {
    int column = (int)(i % layout.width);
    long long row = i / layout.width;
    int query = (int)(row % layout.queries);
    int entry = (int)(row / layout.queries);
    int batch = entry / layout.heads;
    int head = entry % layout.heads;
    float sum = 0;
    for (int key = 0; key < layout.keys; key++) {
      float slope = s[row * layout.keys + key];
      if (slope != 0) {
        sum += slope * number(k[layout.k.at(batch, head, key) + column]);
      }
    }
    y[layout.toQueries.at(batch, head, query) + column] = sum;
  }
}

template <typename T>
__device__ void to_keys_and_values(
    const T* q, const T* g, const float* p, const float* s, float* y, long long n, const Layout& layout) {
  FOR_EACH(i, n) {
    int column = (int)(i % layout.width);
    long long row = i / layout.width;
    int key = (int)(row % layout.keys);
    int entry = (int)(row / layout.keys);
    int batch = entry / layout.heads;
    int head = entry % layout.heads;
    float toKey = 0;
    float toValue = 0;
    for (int query = 0; query < layout.queries; query++) {
      long long at = ((long long)entry * layout.queries + query) * layout.keys + key;
      if (p[at] != 0) {
        toKey += s[at] * number(q[layout.q.at(batch, head, query) + column]);
        toValue += p[at] * number(g[layout.output.at(batch, head, query) + column]);
      }
    }
    y[layout.toKeys.at(batch, head, key) + column] = toKey;
    y[layout.toValues.at(batch, head, key) + column] = toValue;
  }
}

#define ATTENTION(type, T)                                                                                             \
  KERNEL attention_probabilities_##type(                                                                               \
      const T* q, const T* k, const int* lengths, float* p, int entries, Layout layout, Fault* fault) {                \
    probabilities(q, k, lengths, p, entries, layout, fault);                                                           \
  }                                                                                                                    \
  KERNEL attention_output_##type(const T* v, const float* p, float* y, long long n, Layout layout) {                   \
    output(v, p, y, n, layout);                                                                                        \
  }                                                                                                                    \
  KERNEL attention_slopes_##type(const T* v, const T* g, const float* p, float* s, int entries, Layout layout) {       \
    slopes(v, g, p, s, entries, layout);                                                                               \
  }                                                                                                                    \
  KERNEL attention_to_queries_##type(const T* k, const float* s, float* y, long long n, Layout layout) {               \
    to_queries(k, s, y, n, layout);                                                                                    \
  }                                                                                                                    \
  KERNEL attention_to_keys_and_values_##type(                                                                          \
      const T* q, const T* g, const float* p, const float* s, float* y, long long n, Layout layout) {                  \
    to_keys_and_values(q, g, p, s, y, n, layout);                                                                      \
  }
ATTENTION(f32, float)
ATTENTION(f16, __half)
ATTENTION(bf16, __nv_bfloat16)
