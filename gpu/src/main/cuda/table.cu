// Tables of which only some rows have gradients: those lie in slots, which rows get in the order in which gradients reach them.
#include "fold.cuh"
#include "kernel.cuh"
#include "rules.cuh"
#include "slots.cuh"

// Gradients join a table's slots in four kernels: which rows are touched, which of equal numbers comes first and what slot it has, slots
// for new rows, and the sums.
#define UNTOUCHED -1
#define NOT_FIRST -1
#define NEW -2

// Whose row each update touches: its own unless it is all zeros. One row of threads for an update.
template <typename T>
__device__ void touched_rows(const T* updates, const int* ids, int* touched, int count, int width) {
  __shared__ Max<float> shared[THREADS];
  for (int first = blockIdx.x * blockDim.y; first < count; first += gridDim.x * blockDim.y) {
    int i = first + threadIdx.y;
    Max<float> any = {0};
    for (int column = threadIdx.x; column < (i < count ? width : 0); column += blockDim.x) {
      if (updates[(long long)i * width + column] != 0) {
        any.largest = 1;
      }
    }
    float touches = joined(any, shared).largest;
    if (i < count && threadIdx.x == 0) {
      touched[i] = touches != 0 ? ids[i] : UNTOUCHED;
    }
  }
}

// The slot of each update that is the first of its row, or NEW. One block of threads for an update.
KERNEL first_touches(const int* touched, int* firsts, const int* index, int count, Slots slots) {
  __shared__ int earlier;
  for (int i = blockIdx.x; i < count; i += gridDim.x) {
    int row = touched[i];
    __syncthreads();
    if (threadIdx.x == 0) {
      earlier = row == UNTOUCHED;
    }
    __syncthreads();
    for (int j = threadIdx.x; j < i && !earlier; j += blockDim.x) {
      if (touched[j] == row) {
        earlier = 1;
      }
    }
    __syncthreads();
    if (threadIdx.x == 0) {
      int slot = earlier ? NOT_FIRST : slots.find(index, row);
      firsts[i] = earlier ? NOT_FIRST : slot < 0 ? NEW : slot;
    }
  }
}

// Gives new rows the next slots, in the order of their updates. One block.
KERNEL claim_slots(const int* touched, int* firsts, int* index, int count, Slots slots, Fault* fault) {
  __shared__ int counts[THREADS];
  int each = (count + blockDim.x - 1) / blockDim.x;
  int from = threadIdx.x * each;
  int to = from + each < count ? from + each : count;
  int fresh = 0;
  for (int i = from; i < to; i++) {
    fresh += firsts[i] == NEW;
  }
  counts[threadIdx.x] = fresh;
  __syncthreads();
  if (threadIdx.x == 0) {
    int slot = index[0];
    for (int t = 0; t < blockDim.x; t++) {
      int here = counts[t];
      counts[t] = slot;
      slot += here;
    }
    if (slot > slots.capacity) {
      report(fault, FAULT_SLOTS, slot, slots.capacity);
      slot = slots.capacity;
    }
    index[0] = slot;
  }
  __syncthreads();
  int slot = counts[threadIdx.x];
  for (int i = from; i < to; i++) {
    if (firsts[i] == NEW) {
      firsts[i] = slot < slots.capacity ? slot : NOT_FIRST;
      if (slot < slots.capacity) {
        index[1 + slot] = touched[i];
      }
      slot++;
    }
  }
  int mine = counts[threadIdx.x];
  for (int s = mine; s < slot && s < slots.capacity; s++) {
    slots.enter(index, s);
  }
}

// The first update of a row adds all of that row, in order. One block of threads for an update.
template <typename T>
__device__ void add_rows(
    T* gradients, const T* updates, const int* touched, const int* firsts, int count, int width) {
  for (int i = blockIdx.x; i < count; i += gridDim.x) {
    if (firsts[i] == NOT_FIRST) {
      continue;
    }
    int row = touched[i];
    T* target = gradients + (long long)firsts[i] * width;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
      T sum = target[column];
      for (int j = i; j < count; j++) {
        if (touched[j] == row) {
          sum += updates[(long long)j * width + column];
        }
      }
      target[column] = sum;
    }
  }
}

// A step of an optimizer on the rows that have slots, or on every row. What blocks have summed is joined by table_statistics.
template <template <typename> class Rule, typename T>
__device__ void table_update(
    T* table, const T* gradients, MomentBlocks<T> moments, const double* control, const int* index, Change* changes, int rows,
    int width, int everyRow, const Slots& slots, const Settings& settings) {
  __shared__ Change shared[THREADS];
  Change change = {0, 0};
  if (control[FOUND_INF] == 0) {
    T factor = (T)control[GRADIENT_FACTOR];
    Rule<T> rule(settings, control);
    long long n = (long long)(everyRow ? rows : index[0]) * width;
    FOR_EACH(i, n) {
      int row = everyRow ? (int)(i / width) : index[1 + i / width];
      int slot = everyRow ? slots.find(index, row) : (int)(i / width);
      long long at = (long long)row * width + i % width;
      T gradient = slot < 0 ? T(0) : gradients[(long long)slot * width + i % width] * factor;
      T before = table[at];
      T m[MOMENTS];
      moments.read(at, m);
      T after = rule.update(before, gradient, m);
      moments.write(at, m);
      table[at] = after;
      double moved = (double)after - before;
      change.update += moved * moved;
      change.weight += (double)after * after - (double)before * before;
    }
  }
  Change all = joined(change, shared);
  if (threadIdx.x == 0) {
    changes[blockIdx.x] = all;
  }
}

// One thread: the blocks in order.
KERNEL table_statistics(const Change* changes, double* statistics, int blocks) {
  Change sum = {0, 0};
  for (int b = 0; b < blocks; b++) {
    sum.join(changes[b]);
  }
  statistics[SQUARED_UPDATE] = sum.update;
  statistics[SQUARED_WEIGHT] += sum.weight;
}

// Zeros for the gradients of all slots in use; the index is cleared behind it.
#define TABLE(type, T)                                                                                              \
  KERNEL touched_rows_##type(const T* updates, const int* ids, int* touched, int count, int width) {                \
    touched_rows(updates, ids, touched, count, width);                                                              \
  }                                                                                                                 \
  KERNEL add_rows_##type(                                                                                           \
      T* gradients, const T* updates, const int* touched, const int* firsts, int count, int width) {                \
    add_rows(gradients, updates, touched, firsts, count, width);                                                    \
  }                                                                                                                 \
  KERNEL clear_slots_##type(T* gradients, const int* index, int width) {                                            \
    long long n = (long long)index[0] * width;                                                                      \
    FOR_EACH(i, n) gradients[i] = 0;                                                                                \
  }                                                                                                                 \
  /* Σ g² over the slots in use, by blocks. */                                                                      \
  KERNEL slot_squares_##type(const T* gradients, const int* index, double* squares, int width) {                    \
    __shared__ Sum<double> shared[THREADS];                                                                         \
    long long n = (long long)index[0] * width;                                                                      \
    Sum<double> fold = {0};                                                                                         \
    FOR_EACH(i, n) fold.sum += (double)gradients[i] * gradients[i];                                                 \
    double sum = joined(fold, shared).sum;                                                                          \
    if (threadIdx.x == 0) {                                                                                         \
      squares[blockIdx.x] = sum;                                                                                    \
    }                                                                                                               \
  }
TABLE(f32, float)
TABLE(f64, double)

#define TABLE_UPDATE(name, Rule)                                                                                      \
  KERNEL table_##name##_f32(                                                                                          \
      float* table, const float* gradients, float* m0, float* m1, float* m2, const double* control, const int* index, \
      Change* changes, int rows, int width, int everyRow, Slots slots, Settings settings) {                           \
    table_update<Rule, float>(                                                                                        \
        table, gradients, MomentBlocks<float>{{m0, m1, m2}}, control, index, changes, rows, width, everyRow, slots,   \
        settings);                                                                                                    \
  }                                                                                                                   \
  KERNEL table_##name##_f64(                                                                                          \
      double* table, const double* gradients, double* m0, double* m1, double* m2, const double* control,              \
      const int* index, Change* changes, int rows, int width, int everyRow, Slots slots, Settings settings) {         \
    table_update<Rule, double>(                                                                                       \
        table, gradients, MomentBlocks<double>{{m0, m1, m2}}, control, index, changes, rows, width, everyRow, slots,  \
        settings);                                                                                                    \
  }
FOR_EACH_RULE(TABLE_UPDATE)
