// Attention and its gradient in memory that grows with the number of queries: scores exist a tile at a time, and backward computes them
// again. An entry is one head of one batch entry.
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

// What backward needs to know of a query: of its scores the largest and the sum of what they are e to, and Σ p·dp, dp being the cotangent of
// a probability p.
struct Query {
  float largest;
  float sum;
  float mean;
  int visible;
};

// Where a query or a key is.
struct Place {
  int batch;
  int head;
  int row;
  __device__ Place(const Layout& layout, long long at, int rows)
      : batch((int)(at / rows) / layout.heads), head((int)(at / rows) % layout.heads), row((int)(at % rows)) {}
};

// The score of a key for a query.
template <typename T>
__device__ float score(const T* q, const T* k, const Layout& layout, const Place& query, int key) {
  return layout.scale * dot(q + layout.q.at(query.batch, query.head, query.row),
                            k + layout.k.at(query.batch, query.head, key), layout.width);
}

// The softmax of a query's scores but for the mean; the scores are computed and forgotten. By one block of threads.
template <typename T>
__device__ Query softmax_of(
    const T* q, const T* k, const int* lengths, const Layout& layout, const Place& query, Max<float>* maxima,
    Sum<float>* sums, Fault* fault) {
  int visible = seen(layout, lengths, query.batch, query.row, fault);
  Max<float> largest;
  largest.begin();
  for (int key = threadIdx.x; key < visible; key += blockDim.x) {
    largest.take(score(q, k, layout, query, key), 0);
  }
  float shift = joined(largest, maxima).largest;
  Sum<float> sum = {0};
  for (int key = threadIdx.x; key < visible; key += blockDim.x) {
    sum.sum += exp(score(q, k, layout, query, key) - shift);
  }
  return Query{shift, joined(sum, sums).sum, 0, visible};
}

// Adds rows of an operand, each times its number of a tile, to the columns of one row of a result.
template <typename T>
__device__ void add_tile(
    float* row, const float* tile, int count, const T* operand, const Rows& rows, const Place& place, int first, int width) {
  for (int column = threadIdx.x; column < width; column += blockDim.x) {
    float sum = row[column];
    for (int i = 0; i < count; i++) {
      sum += tile[i] * number(operand[rows.at(place.batch, place.head, first + i) + column]);
    }
    row[column] = sum;
  }
}

// One block of threads for a query: a tile of probabilities, one by each thread, and then the columns of the result.
template <typename T>
__device__ void forward(
    const T* q, const T* k, const T* v, const int* lengths, float* y, int entries, const Layout& layout, Fault* fault) {
  __shared__ Max<float> maxima[THREADS];
  __shared__ Sum<float> sums[THREADS];
  __shared__ float tile[THREADS];
  for (long long at = blockIdx.x; at < (long long)entries * layout.queries; at += gridDim.x) {
    Place query(layout, at, layout.queries);
    Query stats = softmax_of(q, k, lengths, layout, query, maxima, sums, fault);
    float* row = y + layout.output.at(query.batch, query.head, query.row);
    for (int column = threadIdx.x; column < layout.width; column += blockDim.x) {
      row[column] = 0;
    }
    for (int first = 0; first < stats.visible; first += THREADS) {
      int key = first + threadIdx.x;
      int count = stats.visible - first < THREADS ? stats.visible - first : THREADS;
      __syncthreads();
      if (threadIdx.x < count) {
        tile[threadIdx.x] = exp(score(q, k, layout, query, key) - stats.largest) / stats.sum;
      }
      __syncthreads();
      add_tile(row, tile, count, v, layout.v, query, first, layout.width);
    }
  }
}

// One block of threads for a query: what backward needs to know of it, and its cotangent.
template <typename T>
__device__ void to_queries(
    const T* q, const T* k, const T* v, const T* g, const int* lengths, Query* queries, float* y, int entries,
    const Layout& layout, Fault* fault) {
  __shared__ Max<float> maxima[THREADS];
  __shared__ Sum<float> sums[THREADS];
  __shared__ float tile[THREADS];
  for (long long at = blockIdx.x; at < (long long)entries * layout.queries; at += gridDim.x) {
    Place query(layout, at, layout.queries);
    Query stats = softmax_of(q, k, lengths, layout, query, maxima, sums, fault);
    const T* cotangent = g + layout.output.at(query.batch, query.head, query.row);
    Sum<float> mean = {0};
    for (int key = threadIdx.x; key < stats.visible; key += blockDim.x) {
      float share = exp(score(q, k, layout, query, key) - stats.largest) / stats.sum;
      mean.sum += share * dot(cotangent, v + layout.v.at(query.batch, query.head, key), layout.width);
    }
    stats.mean = joined(mean, sums).sum;
    if (threadIdx.x == 0) {
      queries[at] = stats;
    }
    float* row = y + layout.toQueries.at(query.batch, query.head, query.row);
    for (int column = threadIdx.x; column < layout.width; column += blockDim.x) {
      row[column] = 0;
    }
    for (int first = 0; first < stats.visible; first += THREADS) {
      int key = first + threadIdx.x;
      int count = stats.visible - first < THREADS ? stats.visible - first : THREADS;
      __syncthreads();
      if (threadIdx.x < count) {
        float share = exp(score(q, k, layout, query, key) - stats.largest) / stats.sum;
        float slope = dot(cotangent, v + layout.v.at(query.batch, query.head, key), layout.width);
        tile[threadIdx.x] = share * (slope - stats.mean) * layout.scale;
      }
      __syncthreads();
      add_tile(row, tile, count, k, layout.k, query, first, layout.width);
    }
  }
}

// One block of threads for a key: its cotangent and that of its value, over the queries that see it, in their order.
template <typename T>
__device__ void to_keys_and_values(
    const T* q, const T* k, const T* v, const T* g, const Query* queries, float* y, int entries, const Layout& layout) {
  __shared__ float shares[THREADS];
  __shared__ float slopes[THREADS];
  for (long long at = blockIdx.x; at < (long long)entries * layout.keys; at += gridDim.x) {
    Place key(layout, at, layout.keys);
    const Query* stats = queries + at / layout.keys * layout.queries;
    float* toKey = y + layout.toKeys.at(key.batch, key.head, key.row);
    float* toValue = y + layout.toValues.at(key.batch, key.head, key.row);
    for (int column = threadIdx.x; column < layout.width; column += blockDim.x) {
      toKey[column] = 0;
      toValue[column] = 0;
    }
    for (int first = 0; first < layout.queries; first += THREADS) {
      int row = first + threadIdx.x;
      int count = layout.queries - first < THREADS ? layout.queries - first : THREADS;
      __syncthreads();
      if (threadIdx.x < count) {
        Query of = stats[row];
        Place query = key;
        query.row = row;
        bool sees = key.row < of.visible;
        float share = sees ? exp(score(q, k, layout, query, key.row) - of.largest) / of.sum : 0.0f;
        float slope = sees ? dot(g + layout.output.at(key.batch, key.head, row),
                                 v + layout.v.at(key.batch, key.head, key.row), layout.width)
                           : 0.0f;
        shares[threadIdx.x] = share;
        slopes[threadIdx.x] = sees ? share * (slope - of.mean) * layout.scale : 0.0f;
      }
      __syncthreads();
      for (int column = threadIdx.x; column < layout.width; column += blockDim.x) {
        float keySum = toKey[column];
        float valueSum = toValue[column];
        for (int i = 0; i < count; i++) {
          if (key.row < stats[first + i].visible) {
            keySum += slopes[i] * number(q[layout.q.at(key.batch, key.head, first + i) + column]);
            valueSum += shares[i] * number(g[layout.output.at(key.batch, key.head, first + i) + column]);
          }
        }
        toKey[column] = keySum;
        toValue[column] = valueSum;
      }
    }
  }
}

#define ATTENTION(type, T)                                                                                           \
  KERNEL attention_##type(                                                                                           \
      const T* q, const T* k, const T* v, const int* lengths, float* y, int entries, Layout layout, Fault* fault) {  \
    forward(q, k, v, lengths, y, entries, layout, fault);                                                            \
  }                                                                                                                  \
  KERNEL attention_to_queries_##type(                                                                                \
      const T* q, const T* k, const T* v, const T* g, const int* lengths, Query* queries, float* y, int entries,     \
      Layout layout, Fault* fault) {                                                                                 \
    to_queries(q, k, v, g, lengths, queries, y, entries, layout, fault);                                             \
  }                                                                                                                  \
  KERNEL attention_to_keys_and_values_##type(                                                                        \
      const T* q, const T* k, const T* v, const T* g, const Query* queries, float* y, int entries, Layout layout) {  \
    to_keys_and_values(q, k, v, g, queries, y, entries, layout);                                                     \
  }
ATTENTION(f32, float)
ATTENTION(f16, __half)
ATTENTION(bf16, __nv_bfloat16)
