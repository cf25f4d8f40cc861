// Attention: a block has a tile of queries, and keys and values come by tile by tile.
#include "softmax.cuh"

template <int COLUMNS, typename T>
__device__ void attend(
    const T* q, const T* k, const T* v, const int* lengths, Wide<T>* y, int entries, const Layout& layout, Fault* fault) {
  using N = Wide<T>;
  auto& square = room<N>().square;
  long long parts = Part::count(layout, entries, layout.queries, TILE<N>, COLUMNS);
  for (long long at = blockIdx.x; at < parts; at += gridDim.x) {
    Part part(layout, at, layout.queries, TILE<N>, COLUMNS);
    Sight sight(layout, lengths, part.batch, fault);
    Matrix<T> queries(q, layout.q, part, layout.queries, layout.width);
    Matrix<T> keys(k, layout.k, part, sight.keys, layout.width);
    Matrix<T> values(v, layout.v, part, sight.keys, layout.width);
    Softmax<N> softmax[SIDE<N>];
    Sums<N, COLUMNS> sums;
    sums.clear();
#pragma unroll
    for (int i = 0; i < SIDE<N>; i++) {
      softmax[i].begin();
    }
    for (int key = 0; key < sight.seen(part.firstRow + TILE<N> - 1); key += TILE<N>) {
      Pairs<true> pairs = {sight, part.firstRow, key};
      N scores[SIDE<N>][SIDE<N>];
      multiply_rows(scores, queries, part.firstRow, keys, key);
      mask(scores, (N)layout.scale, pairs);
#pragma unroll
      for (int i = 0; i < SIDE<N>; i++) {
        sums.multiply(i, softmax[i].raise(scores[i]));
#pragma unroll
        for (int j = 0; j < SIDE<N>; j++) {
          square[own_row<N>() + i][own_column(j)] = softmax[i].take(scores[i][j]);
        }
      }
      sums.add_product(values, part.firstColumn, pairs);
    }
#pragma unroll
    for (int i = 0; i < SIDE<N>; i++) {
      N sum = sum_across(softmax[i].sum);
      sums.divide(i, sight.keys > 0 ? sum : N(1));
    }
    sums.write(y + part.start(layout.output), layout.output.ofRow, part, layout.queries, layout.width);
  }
}

#define ATTENTION(columns, type, T)                                                                                 \
  TILE_KERNEL attention_##columns##_##type(                                                                              \
      const T* q, const T* k, const T* v, const int* lengths, Wide<T>* y, int entries, Layout layout, Fault* fault) { \
    attend<columns>(q, k, v, lengths, y, entries, layout, fault);                                                   \
  }
#define ATTENTIONS(type, T)   \
  ATTENTION(32, type, T)      \
  ATTENTION(64, type, T)      \
  ATTENTION(128, type, T)
ATTENTIONS(f32, float)
ATTENTIONS(f64, double)
ATTENTIONS(f16, __half)
ATTENTIONS(bf16, __nv_bfloat16)
