// Rows fetched and collected by number. What several numbers put into one row is added in an order that follows from the numbers, whatever
// threads there are: the first of equal numbers collects what belongs to all of them.
#include "kernel.cuh"
#include "meetings.cuh"

template <typename T>
__device__ void embedding(const T* table, const int* ids, T* y, long long n, int width, int rows, Fault* fault) {
  FOR_EACH(i, n) {
    y[i] = table[(long long)checked(ids[i / width], rows, FAULT_ROW, fault) * width + i % width];
  }
}

KERNEL meet(const int* ids, Meetings meetings) { FOR_EACH(i, meetings.count) meetings.enter(ids, (int)i); }

// The first update of a row adds all of them. One block for a tile. The result holds zeros before.
template <typename T>
__device__ void scatter_add_rows(
    const T* updates, const int* ids, T* y, const Meetings& meetings, int width, int rows, Fault* fault) {
  __shared__ int targets[TILE];
  __shared__ T parts[THREADS];
  int tiles = (meetings.count + TILE - 1) / TILE;
  for (int tile = blockIdx.x; tile < tiles; tile += gridDim.x) {
    __syncthreads();
    int i = tile * TILE + threadIdx.x;
    if (threadIdx.x < TILE) {
      bool first = i < meetings.count && meetings.isFirst(i);
      targets[threadIdx.x] = first ? checked(ids[i], rows, FAULT_ROW, fault) : NOWHERE;
    }
    __syncthreads();
    meetings.collect(y, updates, tile, targets, width, parts);
  }
}

// Whether a bag lies within its rows; one that does not is reported and taken for empty.
__device__ inline bool bag(const int* offsets, int at, int rows, Fault* fault, int* from, int* to) {
  *from = offsets[at];
  *to = offsets[at + 1];
  if (*from >= 0 && *from <= *to && *to <= rows) {
    return true;
  }
  report(fault, FAULT_BAG, *from < 0 || *from > rows ? *from : *to, rows);
  *to = *from;
  return false;
}

template <typename T>
__device__ T share(int mean, int from, int to) {
  return mean ? T(1) / (to - from) : T(1);
}

template <typename T>
__device__ void bag_combine(
    const T* x, const int* offsets, T* y, long long n, int width, int rows, int mean, Fault* fault) {
  FOR_EACH(i, n) {
    int from, to;
    bag(offsets, (int)(i / width), rows, fault, &from, &to);
    T sum = 0;
    for (int row = from; row < to; row++) {
      sum += share<T>(mean, from, to) * x[(long long)row * width + i % width];
    }
    y[i] = sum;
  }
}

// The result holds zeros before. Bags lie one after the other, so that no row belongs to two.
template <typename T>
__device__ void bag_spread(
    const T* bags, const int* offsets, T* y, long long n, int width, int rows, int mean, Fault* fault) {
  FOR_EACH(i, n) {
    int from, to;
    bag(offsets, (int)(i / width), rows, fault, &from, &to);
    for (int row = from; row < to; row++) {
      y[(long long)row * width + i % width] = share<T>(mean, from, to) * bags[i];
    }
  }
}

template <typename T>
__device__ void gather(
    const T* x, const int* ids, T* y, long long n, int inner, int places, int extent, Fault* fault) {
  FOR_EACH(i, n) {
    int id = checked(ids[i], extent, FAULT_AXIS, fault);
    long long outer = i / ((long long)inner * places);
    y[i] = x[(outer * extent + id) * inner + i % inner];
  }
}

// One thread for all the places along the axis that share the other axes; the result holds zeros before.
template <typename T>
__device__ void scatter_add(
    const T* updates, const int* ids, T* y, long long lines, int inner, int places, int extent, Fault* fault) {
  FOR_EACH(line, lines) {
    long long outer = line / inner;
    for (int place = 0; place < places; place++) {
      long long i = (outer * places + place) * inner + line % inner;
      int id = checked(ids[i], extent, FAULT_AXIS, fault);
      y[(outer * extent + id) * inner + line % inner] += updates[i];
    }
  }
}

#define LOOKUP(type, T)                                                                                              \
  KERNEL embedding_##type(const T* x, const int* ids, T* y, long long n, int width, int rows, Fault* fault) {        \
    embedding(x, ids, y, n, width, rows, fault);                                                                     \
  }                                                                                                                  \
  KERNEL scatter_add_rows_##type(                                                                                    \
      const T* updates, const int* ids, T* y, Meetings meetings, int width, int rows, Fault* fault) {                \
    scatter_add_rows(updates, ids, y, meetings, width, rows, fault);                                                 \
  }                                                                                                                  \
  KERNEL bag_combine_##type(                                                                                         \
      const T* x, const int* offsets, T* y, long long n, int width, int rows, int mean, Fault* fault) {              \
    bag_combine(x, offsets, y, n, width, rows, mean, fault);                                                         \
  }                                                                                                                  \
  KERNEL bag_spread_##type(                                                                                          \
      const T* x, const int* offsets, T* y, long long n, int width, int rows, int mean, Fault* fault) {              \
    bag_spread(x, offsets, y, n, width, rows, mean, fault);                                                          \
  }                                                                                                                  \
  KERNEL gather_##type(                                                                                              \
      const T* x, const int* ids, T* y, long long n, int inner, int places, int extent, Fault* fault) {              \
    gather(x, ids, y, n, inner, places, extent, fault);                                                              \
  }                                                                                                                  \
  KERNEL scatter_add_##type(                                                                                         \
      const T* updates, const int* ids, T* y, long long lines, int inner, int places, int extent, Fault* fault) {    \
    scatter_add(updates, ids, y, lines, inner, places, extent, fault);                                               \
  }
LOOKUP(f32, float)
LOOKUP(f64, double)
