// Tables of which only some rows have gradients: those lie in slots, which rows get in the order in which gradients reach them.
#include "fold.cuh"
#include "kernel.cuh"
#include "meetings.cuh"
#include "rules.cuh"
#include "slots.cuh"

// Gradients join a table's slots in three kernels: updates of one row meet, the first of them looks for the row's slot, and new rows
// get slots and all rows their sums.
#define NEW -2

// Lets the updates meet that are not all zeros. One row of threads for an update.
template <typename T>
__device__ void meet_unless_zero(const T* updates, const int* ids, const Meetings& meetings, int width) {
  __shared__ Max<float> shared[THREADS];
  for (int first = blockIdx.x * blockDim.y; first < meetings.count; first += gridDim.x * blockDim.y) {
    int i = first + threadIdx.y;
    Max<float> any = {0};
    for (int column = threadIdx.x; column < (i < meetings.count ? width : 0); column += blockDim.x) {
      if (updates[(long long)i * width + column] != 0) {
        any.largest = 1;
      }
    }
    float touches = joined(any, shared).largest;
    if (i < meetings.count && threadIdx.x == 0) {
      if (touches != 0) {
        meetings.enter(ids, i);
      } else {
        meetings.places[i] = NOWHERE;
      }
    }
  }
}

// What is known of the updates' slots before new ones are given.
struct Claims {
  int* slots;  // of each update that is the first of its row its slot, or NEW; NOWHERE for others
  int* fresh;  // how many slots are in use, and behind it how many are NEW in each tile
};

KERNEL find_slots(const int* ids, const int* index, Meetings meetings, Claims claims, Slots slots) {
  if (blockIdx.x == 0 && threadIdx.x == 0) {
    claims.fresh[0] = index[0];
  }
  for (int from = blockIdx.x * blockDim.x; from < meetings.count; from += gridDim.x * blockDim.x) {
    int i = from + threadIdx.x;
    int slot = NOWHERE;
    if (i < meetings.count && meetings.isFirst(i)) {
      slot = slots.find(index, ids[i]);
      slot = slot < 0 ? NEW : slot;
    }
    unsigned fresh = __ballot_sync(ALL_LANES, slot == NEW);
    if (i < meetings.count) {
      claims.slots[i] = slot;
      if (i % TILE == 0) {
        claims.fresh[1 + i / TILE] = __popc(fresh);
      }
    }
  }
}

// So many slots are in use from now on; more than there are is reported.
__device__ inline void take_slots(int* index, int count, const Slots& slots, Fault* fault) {
  index[0] = min(count, slots.capacity);
  if (count > slots.capacity) {
    report(fault, FAULT_SLOTS, count, slots.capacity);
  }
}

// Gives new rows the next slots, in the order of their updates, and adds to all rows their updates. One block for a tile.
template <typename T>
__device__ void claim_and_add(
    T* gradients, const T* updates, const int* ids, int* index, const Meetings& meetings, const Claims& claims, int width,
    const Slots& slots, Fault* fault) {
  __shared__ Sum<int> counts[THREADS];
  __shared__ int rows[TILE];
  __shared__ T parts[THREADS];
  int tiles = (meetings.count + TILE - 1) / TILE;
  for (int tile = blockIdx.x; tile < tiles; tile += gridDim.x) {
    Sum<int> before = {0};
    for (int t = threadIdx.x; t <= tile; t += blockDim.x) {
      before.sum += claims.fresh[t];
    }
    int next = joined(before, counts).sum;
    if (threadIdx.x < TILE) {
      int i = tile * TILE + threadIdx.x;
      int slot = i < meetings.count ? claims.slots[i] : NOWHERE;
      unsigned fresh = __ballot_sync(ALL_LANES, slot == NEW);
      if (slot == NEW) {
        slot = next + __popc(fresh & ((1u << threadIdx.x) - 1));
        if (slot < slots.capacity) {
          index[1 + slot] = ids[i];
          slots.enter(index, slot);
        } else {
          slot = NOWHERE;
        }
      }
      rows[threadIdx.x] = slot;
      if (tile == tiles - 1 && threadIdx.x == 0) {
        take_slots(index, next + __popc(fresh), slots, fault);
      }
    }
    __syncthreads();
    meetings.collect(gradients, updates, tile, rows, width, parts);
  }
}

// A step of an optimizer on the rows that have slots, or on every row, and zeros for the gradients of all slots in use; the index is
// cleared behind it. What blocks have summed is joined by table_statistics.
template <template <typename> class Rule, typename T>
__device__ void table_update(
    T* table, T* gradients, MomentBlocks<T> moments, const double* control, const int* index, Change* changes, int rows,
    int width, int everyRow, const Slots& slots, const Settings& settings, Fault* fault) {
  __shared__ Change shared[THREADS];
  Change change = {0, 0};
  long long touched = (long long)index[0] * width;
  if (control[FOUND_INF] != 0) {
    FOR_EACH(i, touched) gradients[i] = 0;
  } else {
    T factor = (T)control[GRADIENT_FACTOR];
    Rule<T> rule(settings, control);
    long long n = everyRow ? (long long)rows * width : touched;
    FOR_EACH(i, n) {
      int row = everyRow ? (int)(i / width) : checked(index[1 + i / width], rows, FAULT_ROW, fault);
      int slot = everyRow ? slots.find(index, row) : (int)(i / width);
      int column = (int)(i % width);
      T gradient = 0;
      if (slot >= 0) {
        T* place = &gradients[(long long)slot * width + column];
        gradient = *place * factor;
        *place = 0;
      }
      long long at = (long long)row * width + column;
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

// What some blocks have found, joined in an order that follows from their number. One block.
template <typename F>
__device__ F joined_blocks(F fold, const F* found, int blocks) {
  __shared__ F shared[THREADS];
  for (int b = threadIdx.x; b < blocks; b += blockDim.x) {
    fold.join(found[b]);
  }
  return joined(fold, shared);
}

KERNEL table_statistics(const Change* changes, double* statistics, int blocks) {
  Change all = joined_blocks(Change{0, 0}, changes, blocks);
  if (threadIdx.x == 0) {
    statistics[SQUARED_UPDATE] = all.update;
    statistics[SQUARED_WEIGHT] += all.weight;
  }
}

KERNEL slot_health(const Sum<double>* squares, double* health, int blocks) {
  double sum = joined_blocks(Sum<double>{0}, squares, blocks).sum;
  if (threadIdx.x == 0) {
    health[HEALTH_SQUARED_NORM] = sum;
    health[HEALTH_NON_FINITE] = isfinite(sum) ? 0 : 1;
  }
}

#define TABLE(type, T)                                                                                                \
  KERNEL meet_unless_zero_##type(const T* updates, const int* ids, Meetings meetings, int width) {                    \
    meet_unless_zero(updates, ids, meetings, width);                                                                  \
  }                                                                                                                   \
  KERNEL claim_and_add_##type(                                                                                        \
      T* gradients, const T* updates, const int* ids, int* index, Meetings meetings, Claims claims, int width,        \
      Slots slots, Fault* fault) {                                                                                    \
    claim_and_add(gradients, updates, ids, index, meetings, claims, width, slots, fault);                             \
  }                                                                                                                   \
  /* Σ g² over the slots in use, by blocks. */                                                                        \
  KERNEL slot_squares_##type(const T* gradients, const int* index, Sum<double>* squares, int width) {                 \
    __shared__ Sum<double> shared[THREADS];                                                                           \
    long long n = (long long)index[0] * width;                                                                        \
    Sum<double> fold = {0};                                                                                           \
    FOR_EACH(i, n) fold.sum += (double)gradients[i] * gradients[i];                                                   \
    Sum<double> all = joined(fold, shared);                                                                           \
    if (threadIdx.x == 0) {                                                                                           \
      squares[blockIdx.x] = all;                                                                                      \
    }                                                                                                                 \
  }
TABLE(f32, float)
TABLE(f64, double)

#define TABLE_UPDATE(name, Rule)                                                                                     \
  KERNEL table_##name##_f32(                                                                                         \
      float* table, float* gradients, float* m0, float* m1, float* m2, const double* control, const int* index,      \
      Change* changes, int rows, int width, int everyRow, Slots slots, Settings settings, Fault* fault) {            \
    table_update<Rule, float>(                                                                                       \
        table, gradients, MomentBlocks<float>{{m0, m1, m2}}, control, index, changes, rows, width, everyRow, slots,  \
        settings, fault);                                                                                            \
  }                                                                                                                  \
  KERNEL table_##name##_f64(                                                                                         \
      double* table, double* gradients, double* m0, double* m1, double* m2, const double* control, const int* index, \
      Change* changes, int rows, int width, int everyRow, Slots slots, Settings settings, Fault* fault) {            \
    table_update<Rule, double>(                                                                                      \
        table, gradients, MomentBlocks<double>{{m0, m1, m2}}, control, index, changes, rows, width, everyRow, slots, \
        settings, fault);                                                                                            \
  }
FOR_EACH_RULE(TABLE_UPDATE)
