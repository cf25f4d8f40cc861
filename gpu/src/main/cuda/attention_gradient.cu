// The gradient of attention: first what is to be known of every query, then cotangents by tiles of queries and of keys.
#include "softmax.cuh"

// What is known of a query: what is taken from its scores, what e to the rest is multiplied with to be a probability p, and Σ p·dp, dp
// being the cotangent of p.
template <typename N>
struct Query {
  N shift;
  N factor;
  N mean;
  __device__ N probability(N score) const { return exp(score - shift) * factor; }
};

// The operands of an entry, and which of its queries and keys meet.
template <typename T>
struct Operands {
  Sight sight;
  Matrix<T> queries;
  Matrix<T> keys;
  Matrix<T> values;
  Matrix<T> cotangents;
  __device__ Operands(
      const T* q, const T* k, const T* v, const T* g, const int* lengths, const Layout& layout, const Part& part,
      Fault* fault)
      : sight(layout, lengths, part.batch, fault),
        queries(q, layout.q, part, layout.queries, layout.width),
        keys(k, layout.k, part, sight.keys, layout.width),
        values(v, layout.v, part, sight.keys, layout.width),
        cotangents(g, layout.output, part, layout.queries, layout.width) {}
};

// The scores of a tile of queries and keys, and the cotangents of their probabilities.
template <typename N, typename T>
__device__ void score(
    N (&scores)[SIDE<N>][SIDE<N>], N (&slopes)[SIDE<N>][SIDE<N>], const Operands<T>& of, N scale, const Pairs<true>& pairs,
    int query, int key) {
  multiply_rows(scores, of.queries, query, of.keys, key);
  multiply_rows(slopes, of.cotangents, query, of.values, key);
  mask(scores, scale, pairs);
}

// Looks at a tile of queries, over their keys.
template <typename T>
__device__ void know(const Operands<T>& of, Query<Wide<T>>* known, const Layout& layout, const Part& part) {
  using N = Wide<T>;
  Softmax<N> softmax[SIDE<N>];
  N means[SIDE<N>];
#pragma unroll
  for (int i = 0; i < SIDE<N>; i++) {
    softmax[i].begin();
    means[i] = 0;
  }
  for (int key = 0; key < of.sight.seen(part.firstRow + TILE<N> - 1); key += TILE<N>) {
    Pairs<true> pairs = {of.sight, part.firstRow, key};
    N scores[SIDE<N>][SIDE<N>];
    N slopes[SIDE<N>][SIDE<N>];
    score(scores, slopes, of, (N)layout.scale, pairs, part.firstRow, key);
#pragma unroll
    for (int i = 0; i < SIDE<N>; i++) {
      means[i] *= softmax[i].raise(scores[i]);
#pragma unroll
      for (int j = 0; j < SIDE<N>; j++) {
        N share = softmax[i].take(scores[i][j]);
        means[i] += pairs.meet(own_row<N>() + i, own_column(j)) ? share * slopes[i][j] : N(0);
      }
    }
  }
#pragma unroll
  for (int i = 0; i < SIDE<N>; i++) {
    N factor = 1 / sum_across(softmax[i].sum);
    N mean = sum_across(means[i]) * factor;
    int query = part.firstRow + own_row<N>() + i;
    if (threadIdx.x == 0 && query < layout.queries) {
      known[(long long)part.entry * layout.queries + query] = {softmax[i].shift(), factor, mean};
    }
  }
}

template <typename N>
__device__ Query<N> query_at(const Query<N>* known, const Layout& layout, const Part& part, int query) {
  return query < layout.queries ? known[(long long)part.entry * layout.queries + query] : Query<N>();
}

// The cotangents of a tile of queries, over their keys.
template <int COLUMNS, typename T>
__device__ void to_queries(
    const Operands<T>& of, const Query<Wide<T>>* known, Wide<T>* y, const Layout& layout, const Part& part) {
  using N = Wide<T>;
  auto& square = room<N>().square;
  Sums<N, COLUMNS> sums;
  sums.clear();
  for (int key = 0; key < of.sight.seen(part.firstRow + TILE<N> - 1); key += TILE<N>) {
    Pairs<true> pairs = {of.sight, part.firstRow, key};
    N scores[SIDE<N>][SIDE<N>];
    N slopes[SIDE<N>][SIDE<N>];
    score(scores, slopes, of, (N)layout.scale, pairs, part.firstRow, key);
#pragma unroll
    for (int i = 0; i < SIDE<N>; i++) {
      Query<N> query = query_at(known, layout, part, part.firstRow + own_row<N>() + i);
#pragma unroll
      for (int j = 0; j < SIDE<N>; j++) {
        N slope = query.probability(scores[i][j]) * (slopes[i][j] - query.mean);
        square[own_row<N>() + i][own_column(j)] = slope * (N)layout.scale;
      }
    }
    sums.add_product(of.keys, part.firstColumn, pairs);
  }
  sums.write(y + part.start(layout.toQueries), layout.toQueries.ofRow, part, layout.queries, layout.width);
}

// The cotangents of a tile of keys and those of their values, over the queries that see them.
template <int COLUMNS, typename T>
__device__ void to_keys_and_values(
    const Operands<T>& of, const Query<Wide<T>>* known, Wide<T>* y, const Layout& layout, const Part& part) {
  using N = Wide<T>;
  auto& square = room<N>().square;
  Sums<N, COLUMNS> toKeys;
  Sums<N, COLUMNS> toValues;
  toKeys.clear();
  toValues.clear();
  int end = part.firstRow < of.sight.keys ? layout.queries : 0;
  for (int query = of.sight.causal ? part.firstRow : 0; query < end; query += TILE<N>) {
    Pairs<false> pairs = {of.sight, part.firstRow, query};
    N probabilities[SIDE<N>][SIDE<N>];
    multiply_rows(probabilities, of.keys, part.firstRow, of.queries, query);
    mask(probabilities, (N)layout.scale, pairs);
#pragma unroll
    for (int j = 0; j < SIDE<N>; j++) {
      Query<N> its = query_at(known, layout, part, query + own_column(j));
#pragma unroll
      for (int i = 0; i < SIDE<N>; i++) {
        probabilities[i][j] = its.probability(probabilities[i][j]);
        square[own_row<N>() + i][own_column(j)] = probabilities[i][j];
      }
    }
    toValues.add_product(of.cotangents, part.firstColumn, pairs);
    N slopes[SIDE<N>][SIDE<N>];
    multiply_rows(slopes, of.values, part.firstRow, of.cotangents, query);
#pragma unroll
    for (int j = 0; j < SIDE<N>; j++) {
      N mean = query_at(known, layout, part, query + own_column(j)).mean;
#pragma unroll
      for (int i = 0; i < SIDE<N>; i++) {
        N slope = probabilities[i][j] * (slopes[i][j] - mean);
        square[own_row<N>() + i][own_column(j)] = slope * (N)layout.scale;
      }
    }
    toKeys.add_product(of.queries, part.firstColumn, pairs);
  }
  toKeys.write(y + part.start(layout.toKeys), layout.toKeys.ofRow, part, layout.keys, layout.width);
  toValues.write(y + part.start(layout.toValues), layout.toValues.ofRow, part, layout.keys, layout.width);
}

// A block of threads for a tile of queries.
template <typename T>
__device__ void know_all(
    const T* q, const T* k, const T* v, const T* g, const int* lengths, Query<Wide<T>>* known, int entries,
    const Layout& layout, Fault* fault) {
  constexpr int ROWS = TILE<Wide<T>>;
  long long parts = Part::count(layout, entries, layout.queries, ROWS, layout.width);
  for (long long at = blockIdx.x; at < parts; at += gridDim.x) {
    Part part(layout, at, layout.queries, ROWS, layout.width);
    know(Operands<T>(q, k, v, g, lengths, layout, part, fault), known, layout, part);
  }
}

// A block of threads for a tile of keys or, behind all of these, of queries.
template <int COLUMNS, typename T>
__device__ void derive(
    const T* q, const T* k, const T* v, const T* g, const int* lengths, const Query<Wide<T>>* known, Wide<T>* y,
    int entries, const Layout& layout, Fault* fault) {
  constexpr int ROWS = TILE<Wide<T>>;
  long long ofKeys = Part::count(layout, entries, layout.keys, ROWS, COLUMNS);
  long long parts = ofKeys + Part::count(layout, entries, layout.queries, ROWS, COLUMNS);
  for (long long at = blockIdx.x; at < parts; at += gridDim.x) {
    if (at < ofKeys) {
      Part part(layout, at, layout.keys, ROWS, COLUMNS);
      to_keys_and_values<COLUMNS>(Operands<T>(q, k, v, g, lengths, layout, part, fault), known, y, layout, part);
    } else {
      Part part(layout, at - ofKeys, layout.queries, ROWS, COLUMNS);
      to_queries<COLUMNS>(Operands<T>(q, k, v, g, lengths, layout, part, fault), known, y, layout, part);
    }
  }
}

#define QUERIES(type, T)                                                                                           \
  TILE_KERNEL attention_queries_##type(                                                                            \
      const T* q, const T* k, const T* v, const T* g, const int* lengths, Query<Wide<T>>* known, int entries,        \
      Layout layout, Fault* fault) {                                                                               \
    know_all(q, k, v, g, lengths, known, entries, layout, fault);                                                  \
  }
#define GRADIENT(columns, type, T)                                                                                 \
  TILE_KERNEL attention_gradient_##columns##_##type(                                                               \
      const T* q, const T* k, const T* v, const T* g, const int* lengths, const Query<Wide<T>>* known, Wide<T>* y,   \
      int entries, Layout layout, Fault* fault) {                                                                  \
    derive<columns>(q, k, v, g, lengths, known, y, entries, layout, fault);                                        \
  }
#define GRADIENTS(type, T)  \
  QUERIES(type, T)          \
  GRADIENT(32, type, T)     \
  GRADIENT(64, type, T)
GRADIENTS(f32, float)
GRADIENTS(f64, double)
GRADIENTS(f16, __half)
GRADIENTS(bf16, __nv_bfloat16)
