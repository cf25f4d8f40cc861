// The softmax of scores that come by tile by tile.
#pragma once
#include "tile.cuh"
#include "warp.cuh"

// Scales the scores of a tile; those of pairs that do not meet are -∞.
template <typename N, bool QUERIES_AS_ROWS>
__device__ void mask(N (&scores)[SIDE<N>][SIDE<N>], N scale, const Pairs<QUERIES_AS_ROWS>& pairs) {
#pragma unroll
  for (int i = 0; i < SIDE<N>; i++) {
#pragma unroll
    for (int j = 0; j < SIDE<N>; j++) {
      bool meet = pairs.meet(own_row<N>() + i, own_column(j));
      scores[i][j] = meet ? scores[i][j] * scale : -(N)INFINITY;
    }
  }
}

// The larger of two; not-a-number is larger than all.
template <typename N>
__device__ N larger(N x, N y) {
  return y > x || y != y ? y : x;
}

// The largest number of the threads of a row.
template <typename N>
__device__ N largest_across(N x) {
  for (int lane = LANES / 2; lane > 0; lane /= 2) {
    x = larger(x, __shfl_xor_sync(ALL_LANES, x, lane));
  }
  return x;
}

// The sum over the threads of a row, by halves.
template <typename N>
__device__ N sum_across(N x) {
  for (int lane = LANES / 2; lane > 0; lane /= 2) {
    x += __shfl_xor_sync(ALL_LANES, x, lane);
  }
  return x;
}

// The softmax of a query while its scores come by tile by tile (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018).
template <typename N>
struct Softmax {
  N largest;
  N sum;  // of the shares that this thread had
  __device__ void begin() {
    largest = -(N)INFINITY;
    sum = 0;
  }
  // What is taken from a score: nothing while there is only -∞, lest ∞ be taken from ∞.
  __device__ N shift() const { return largest == -(N)INFINITY ? N(0) : largest; }
  // Looks at a tile's scores, those that this thread has, and returns what sums so far are to be multiplied with.
  __device__ N raise(const N (&scores)[SIDE<N>]) {
    N before = largest;
    N highest = scores[0];
#pragma unroll
    for (int j = 1; j < SIDE<N>; j++) {
      highest = larger(highest, scores[j]);
    }
    largest = larger(largest, largest_across(highest));
    N factor = largest == before ? N(1) : exp(before - largest);
    sum *= factor;
    return factor;
  }
  // The share of a score, but for the sum of all.
  __device__ N take(N score) {
    N share = exp(score - shift());
    sum += share;
    return share;
  }
};
