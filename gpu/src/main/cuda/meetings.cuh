// Updates of one row meet in a hash table: it tells which of them is the first, and where in the batch the others are. It lies in
// scratch memory that holds zeros before. Threads enter it in any order; what it tells does not depend on theirs.
#pragma once

#include "warp.cuh"

// So many updates, neighbours in the batch, are collected by one block.
#define TILE WARP

#define NOWHERE -1

// How many updates of a row are on their way from memory at a time.
#define FETCHED 8

// A row with updates in more stretches than this is added by a whole block, others by one warp.
#define MOST_STRETCHES_OF_A_WARP 8

// A row's updates. The batch is cut into 64 stretches of one length, of which bit s tells whether stretch s has any of them.
struct Meeting {
  unsigned long long stretches;
  unsigned first;  // ~i for update i, so that 0 is nobody and the first update is the largest
  unsigned padding;

  __device__ bool crowded() const { return __popcll(stretches) > MOST_STRETCHES_OF_A_WARP; }
};

struct Meetings {
  Meeting* table;
  int* places;  // where in the table each update met others, or NOWHERE
  int count;
  int stretch;
  int buckets;
  int shift;

  __device__ void enter(const int* ids, int i) const {
    unsigned bucket = ((unsigned)ids[i] * 0x9E3779B9u) >> shift;
    unsigned there;
    while ((there = atomicCAS(&table[bucket].first, 0u, ~(unsigned)i)) != 0 && ids[~there] != ids[i]) {
      bucket = (bucket + 1) & (buckets - 1);
    }
    if (there != 0) {
      atomicMax(&table[bucket].first, ~(unsigned)i);
    }
    atomicOr(&table[bucket].stretches, 1ull << i / stretch);
    places[i] = bucket;
  }

  __device__ bool isFirst(int i) const { return places[i] != NOWHERE && table[places[i]].first == ~(unsigned)i; }

  // A sum and the updates of a row in some stretches, in the order of the batch. A lane of a warp takes a column.
  template <typename T>
  __device__ T plus(T sum, const T* updates, int place, unsigned long long stretches, int column, int width) const {
    for (; stretches != 0; stretches &= stretches - 1) {
      int from = (__ffsll(stretches) - 1) * stretch;
      for (int tile = from; tile < from + stretch; tile += WARP) {
        int i = tile + threadIdx.x % WARP;
        unsigned here = __ballot_sync(ALL_LANES, i < count && places[i] == place);
        while (here != 0) {
          T fetched[FETCHED];
#pragma unroll
          for (int k = 0; k < FETCHED; k++) {
            bool any = here != 0 && column < width;
            fetched[k] = any ? updates[(long long)(tile + __ffs(here) - 1) * width + column] : T(0);
            here &= here - 1;
          }
#pragma unroll
          for (int k = 0; k < FETCHED; k++) {
            sum += fetched[k];
          }
        }
      }
    }
    return sum;
  }

  // Adds to a row its updates, in the order of the batch. One warp.
  template <typename T>
  __device__ void addByWarp(T* row, const T* updates, int place, int width) const {
    for (int column = threadIdx.x % WARP; column - threadIdx.x % WARP < width; column += WARP) {
      T before = column < width ? row[column] : T(0);
      T sum = plus(before, updates, place, table[place].stretches, column, width);
      if (column < width) {
        row[column] = sum;
      }
    }
  }

  // Adds to a row its updates: each warp those in every eighth stretch, and then the warps in their order. One block.
  template <typename T>
  __device__ void addByBlock(T* row, const T* updates, int place, int width, T* shared) const {
    int warp = threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    unsigned long long mine = table[place].stretches & (0x0101010101010101ull << warp);
    for (int first = 0; first < width; first += WARP) {
      int column = first + lane;
      T part = plus(T(0), updates, place, mine, column, width);
      __syncthreads();
      shared[threadIdx.x] = part;
      __syncthreads();
      if (warp == 0 && column < width) {
        T sum = row[column];
        for (int w = 0; w < WARPS; w++) {
          sum += shared[w * WARP + lane];
        }
        row[column] = sum;
      }
    }
  }

  // Adds to rows of a target all their updates: those rows whose first updates are in a tile. rows[k] is the row of update
  // tile * TILE + k, or NOWHERE if that is not the first. One block.
  template <typename T>
  __device__ void collect(T* target, const T* updates, int tile, const int* rows, int width, T* shared) const {
    for (int k = threadIdx.x / WARP; k < TILE; k += WARPS) {
      if (rows[k] != NOWHERE && !table[places[tile * TILE + k]].crowded()) {
        addByWarp(target + (long long)rows[k] * width, updates, places[tile * TILE + k], width);
      }
    }
    for (int k = 0; k < TILE; k++) {
      if (rows[k] != NOWHERE && table[places[tile * TILE + k]].crowded()) {
        addByBlock(target + (long long)rows[k] * width, updates, places[tile * TILE + k], width, shared);
      }
    }
  }
};
