// Products of matrices by tiles: rows come through shared memory in chunks of their columns, sums stay in registers.
#pragma once
#include "attention.cuh"

// The threads of a block stand in a square, of which half a warp is a row.
#define LANES 16

// A kernel of which two blocks fit on a multiprocessor.
#define TILE_KERNEL extern "C" __global__ void __launch_bounds__(THREADS, 2)

// Rows are multiplied with rows by so many columns at a time.
#define CHUNK 32

template <typename N, int LENGTH>
struct alignas(LENGTH * sizeof(N)) Pack {
  N at[LENGTH];
};

template <int LENGTH, typename N>
__device__ Pack<N, LENGTH> pack(const N* place) {
  return *(const Pack<N, LENGTH>*)place;
}

// A thread has a square of the pairs of a tile, with as many numbers along a side as shared memory gives at a time.
template <typename N>
constexpr int SIDE = 16 / sizeof(N);
template <typename N>
constexpr int TILE = LANES * SIDE<N>;

// The shared memory of a block. Rows are longer than they seem, so that threads that read them side by side do not meet in a bank.
template <typename N>
struct Room {
  alignas(16) N left[TILE<N>][CHUNK + SIDE<N>];
  alignas(16) N right[TILE<N>][TILE<N> + SIDE<N>];
  alignas(16) N square[TILE<N>][TILE<N> + SIDE<N>];
};

template <typename N>
__device__ Room<N>& room() {
  __shared__ Room<N> room;
  return room;
}

// The first of the rows of a tile that a thread has.
template <typename N>
__device__ int own_row() {
  return threadIdx.y * SIDE<N>;
}

// The columns of a tile that a thread has.
__device__ inline int own_column(int i) { return threadIdx.x + i * LANES; }

// Brings some columns of a tile's rows into shared memory: each thread numbers of one column, its neighbour those of the next.
template <int COLUMNS, int STRIDE, typename T>
__device__ void load(Wide<T> (&to)[TILE<Wide<T>>][STRIDE], const Matrix<T>& from, int firstRow, int firstColumn) {
  constexpr int TOGETHER = THREADS / COLUMNS;
  int thread = threadIdx.y * LANES + threadIdx.x;
  int column = thread % COLUMNS;
  int rows = firstColumn + column < from.width ? from.rows - firstRow : 0;
  const T* place = from.first + firstRow * from.ofRow + firstColumn + column;
#pragma unroll 4
  for (int first = 0; first < TILE<Wide<T>>; first += TOGETHER) {
    int row = first + thread / COLUMNS;
    to[row][column] = row < rows ? wide(place[row * from.ofRow]) : Wide<T>(0);
  }
}

// The scalar products of a tile's rows with those of another.
template <typename T, typename N>
__device__ void multiply_rows(
    N (&products)[SIDE<N>][SIDE<N>], const Matrix<T>& left, int firstLeft, const Matrix<T>& right, int firstRight) {
  Room<N>& shared = room<N>();
#pragma unroll
  for (int i = 0; i < SIDE<N>; i++) {
#pragma unroll
    for (int j = 0; j < SIDE<N>; j++) {
      products[i][j] = 0;
    }
  }
  for (int first = 0; first < left.width; first += CHUNK) {
    __syncthreads();
    load<CHUNK>(shared.left, left, firstLeft, first);
    load<CHUNK>(shared.right, right, firstRight, first);
    __syncthreads();
    int columns = left.width - first < CHUNK ? left.width - first : CHUNK;
#pragma unroll 1
    for (int column = 0; column < columns; column += SIDE<N>) {
      Pack<N, SIDE<N>> x[SIDE<N>];
      Pack<N, SIDE<N>> y[SIDE<N>];
#pragma unroll
      for (int i = 0; i < SIDE<N>; i++) {
        x[i] = pack<SIDE<N>>(&shared.left[own_row<N>() + i][column]);
        y[i] = pack<SIDE<N>>(&shared.right[own_column(i)][column]);
      }
#pragma unroll
      for (int n = 0; n < SIDE<N>; n++) {
#pragma unroll
        for (int i = 0; i < SIDE<N>; i++) {
#pragma unroll
          for (int j = 0; j < SIDE<N>; j++) {
            products[i][j] += x[i].at[n] * y[j].at[n];
          }
        }
      }
    }
  }
}

// What a thread has of some columns of a result, in its rows of a tile: of every panel of columns a pack.
template <typename N, int COLUMNS>
struct Sums {
  static constexpr int PACK = COLUMNS / LANES < SIDE<N> ? COLUMNS / LANES : SIDE<N>;
  static constexpr int PANEL = LANES * PACK;
  static constexpr int PANELS = COLUMNS / PANEL;
  Pack<N, PACK> of[PANELS][SIDE<N>];

  __device__ void clear() {
#pragma unroll
    for (int panel = 0; panel < PANELS; panel++) {
#pragma unroll
      for (int i = 0; i < SIDE<N>; i++) {
        of[panel][i] = {};
      }
    }
  }

  __device__ void multiply(int row, N factor) {
#pragma unroll
    for (int panel = 0; panel < PANELS; panel++) {
#pragma unroll
      for (int c = 0; c < PACK; c++) {
        of[panel][row].at[c] *= factor;
      }
    }
  }

  __device__ void divide(int row, N by) {
#pragma unroll
    for (int panel = 0; panel < PANELS; panel++) {
#pragma unroll
      for (int c = 0; c < PACK; c++) {
        of[panel][row].at[c] /= by;
      }
    }
  }

  // Adds the square in shared memory times rows of a matrix, but for pairs that do not meet: nothing of what a query does not see reaches
  // it, not even what is no number.
  template <typename T, bool QUERIES_AS_ROWS>
  __device__ void add_product(const Matrix<T>& matrix, int firstColumn, const Pairs<QUERIES_AS_ROWS>& pairs) {
    Room<N>& shared = room<N>();
    int rows = matrix.rows - pairs.firstColumn < TILE<N> ? matrix.rows - pairs.firstColumn : TILE<N>;
#pragma unroll
    for (int panel = 0; panel < PANELS; panel++) {
      int first = firstColumn + panel * PANEL;
      if (first < matrix.width) {
        __syncthreads();
        load<PANEL>(shared.right, matrix, pairs.firstColumn, first);
        __syncthreads();
        for (int row = 0; row < rows; row += SIDE<N>) {
          if (row + SIDE<N> <= rows && pairs.all(own_row<N>(), row, SIDE<N>)) {
            add_pack(of[panel], row);
          } else if (pairs.any(own_row<N>(), row, SIDE<N>)) {
            add_some(of[panel], row, rows, pairs);
          }
        }
      }
    }
  }

  // Adds the products with as many rows as a pack of the square has numbers.
  __device__ static void add_pack(Pack<N, PACK> (&sums)[SIDE<N>], int row) {
    Pack<N, SIDE<N>> factors[SIDE<N>];
#pragma unroll
    for (int i = 0; i < SIDE<N>; i++) {
      factors[i] = pack<SIDE<N>>(&room<N>().square[own_row<N>() + i][row]);
    }
#pragma unroll
    for (int n = 0; n < SIDE<N>; n++) {
      Pack<N, PACK> numbers = pack<PACK>(&room<N>().right[row + n][threadIdx.x * PACK]);
#pragma unroll
      for (int i = 0; i < SIDE<N>; i++) {
        add(sums[i], factors[i].at[n], numbers);
      }
    }
  }

  // Adds the products of those pairs that meet.
  template <typename P>
  __device__ static void add_some(Pack<N, PACK> (&sums)[SIDE<N>], int first, int rows, const P& pairs) {
#pragma unroll 1
    for (int row = first; row < first + SIDE<N> && row < rows; row++) {
      Pack<N, PACK> numbers = pack<PACK>(&room<N>().right[row][threadIdx.x * PACK]);
#pragma unroll
      for (int i = 0; i < SIDE<N>; i++) {
        if (pairs.meet(own_row<N>() + i, row)) {
          add(sums[i], room<N>().square[own_row<N>() + i][row], numbers);
        }
      }
    }
  }

  __device__ static void add(Pack<N, PACK>& sum, N factor, const Pack<N, PACK>& numbers) {
#pragma unroll
    for (int c = 0; c < PACK; c++) {
      sum.at[c] += factor * numbers.at[c];
    }
  }

  // Puts the sums into the rows of an entry.
  __device__ void write(N* entry, long long ofRow, const Part& part, int rows, int width) const {
#pragma unroll
    for (int panel = 0; panel < PANELS; panel++) {
#pragma unroll
      for (int i = 0; i < SIDE<N>; i++) {
#pragma unroll
        for (int c = 0; c < PACK; c++) {
          int row = part.firstRow + own_row<N>() + i;
          int column = part.firstColumn + panel * PANEL + threadIdx.x * PACK + c;
          if (row < rows && column < width) {
            entry[row * ofRow + column] = of[panel][i].at[c];
          }
        }
      }
    }
  }
};
