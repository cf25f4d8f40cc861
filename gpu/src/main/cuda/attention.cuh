// Attention in memory that grows with the number of queries: scores exist a tile of queries and keys at a time (Dao et al.,
// "FlashAttention", 2022), and backward computes them again. An entry is one head of one batch entry.
#pragma once
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "kernel.cuh"

// Where the rows of one operand begin.
struct Rows {
  long long start;
  long long ofBatch;
  long long ofHead;
  long long ofRow;
};

struct Layout {
  int heads;
  int queries;
  int keys;
  int width;
  int causal;
  int padding;
  double scale;
  Rows q;
  Rows k;
  Rows v;
  Rows output;
  Rows toQueries;
  Rows toKeys;
  Rows toValues;
};

__device__ inline double wide(double x) { return x; }
__device__ inline float wide(float x) { return x; }
__device__ inline float wide(__half x) { return __half2float(x); }
__device__ inline float wide(__nv_bfloat16 x) { return __bfloat162float(x); }

// What numbers of an operand are computed in.
template <typename T>
using Wide = decltype(wide(T()));

// What a block works for: a tile of the rows of an entry, and the result's columns from one on.
struct Part {
  int entry;
  int batch;
  int head;
  int firstRow;
  int firstColumn;
  __device__ Part(const Layout& layout, long long at, int rows, int tile, int columns) {
    int groups = (layout.width + columns - 1) / columns;
    int tiles = (rows + tile - 1) / tile;
    firstColumn = (int)(at % groups) * columns;
    firstRow = (int)(at / groups % tiles) * tile;
    entry = (int)(at / groups / tiles);
    batch = entry / layout.heads;
    head = entry % layout.heads;
  }
  __device__ static long long count(const Layout& layout, int entries, int rows, int tile, int columns) {
    return (long long)entries * ((rows + tile - 1) / tile) * ((layout.width + columns - 1) / columns);
  }
  __device__ long long start(const Rows& rows) const { return rows.start + batch * rows.ofBatch + head * rows.ofHead; }
};

// The rows of an entry in an operand; zeros stand for what lies beyond.
template <typename T>
struct Matrix {
  const T* first;
  long long ofRow;
  int rows;
  int width;
  __device__ Matrix(const T* operand, const Rows& of, const Part& part, int rows, int width)
      : first(operand + part.start(of)), ofRow(of.ofRow), rows(rows), width(width) {}
};

// Which keys the queries of an entry see.
struct Sight {
  int keys;
  bool causal;
  __device__ Sight(const Layout& layout, const int* lengths, int batch, Fault* fault)
      : keys(lengths ? checked(lengths[batch], layout.keys + 1LL, FAULT_LENGTH, fault) : layout.keys),
        causal(layout.causal) {}
  __device__ bool sees(int query, int key) const { return key < keys && (!causal || key <= query); }
  // How many keys a query sees.
  __device__ int seen(int query) const { return causal && query + 1 < keys ? query + 1 : keys; }
};

// The pairs of a query and a key in a tile, with the queries or the keys as rows.
template <bool QUERIES_AS_ROWS>
struct Pairs {
  Sight sight;
  int firstRow;
  int firstColumn;
  __device__ bool meet(int row, int column) const {
    row += firstRow;
    column += firstColumn;
    return QUERIES_AS_ROWS ? sight.sees(row, column) : sight.sees(column, row);
  }
  // Whether all pairs of a square meet: the earliest query and the latest key do.
  __device__ bool all(int row, int column, int side) const {
    return QUERIES_AS_ROWS ? meet(row, column + side - 1) : meet(row + side - 1, column);
  }
  // Whether any pair of a square meets: the latest query and the earliest key do.
  __device__ bool any(int row, int column, int side) const {
    return QUERIES_AS_ROWS ? meet(row + side - 1, column) : meet(row, column + side - 1);
  }
};
