// What every kernel shares: how it is declared, how it walks its elements, where broadcast elements lie.
#pragma once

// A kernel, found by its plain name. No block has more threads than this, so that registers never run out; one block at a time is enough for
// the compiler, else it would rather spill registers than use more.
#define THREADS 256
#define KERNEL extern "C" __global__ void __launch_bounds__(THREADS, 1)

// Runs what follows for every i below n: neighbouring threads take neighbouring elements.
#define FOR_EACH(i, n) \
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < (n); i += (long long)gridDim.x * blockDim.x)

#define MAX_RANK 8

// Where the elements of a result are found in its operands: element i of an array of some extents lies, in operand k,
// at the sum over the axes of its position times the stride. Axes that go on evenly in all operands have been made one.
struct Places {
  int rank;
  unsigned extents[MAX_RANK];
  long long strides[3][MAX_RANK];

  // Leaves in at[k] where element i lies in operand k.
  template <int OPERANDS>
  __device__ void locate(long long i, long long (&at)[OPERANDS]) const {
    for (int k = 0; k < OPERANDS; k++) {
      at[k] = 0;
    }
    unsigned rest = (unsigned)i;
    for (int axis = rank - 1; axis > 0; axis--) {
      unsigned whole = rest / extents[axis];
      unsigned position = rest - whole * extents[axis];
      rest = whole;
      for (int k = 0; k < OPERANDS; k++) {
        at[k] += position * strides[k][axis];
      }
    }
    for (int k = 0; k < OPERANDS; k++) {
      at[k] += (rank > 1 ? rest : i) * strides[k][0];
    }
  }
};

// The first fault of a device: a number that reached beyond what there is. It lies in the host's memory, where the host looks
// for it whenever it waits for the device.
struct Fault {
  int kind;
  int taken;
  long long number;
  long long limit;
};

// Whoever comes first writes, also when other kernels run beside this one; the kind is there when all else is.
__device__ inline void report(Fault* fault, int kind, long long number, long long limit) {
  if (atomicExch(&fault->taken, 1) == 0) {
    fault->number = number;
    fault->limit = limit;
    __threadfence_system();
    fault->kind = kind;
  }
}

// A row number that must lie within a table; a wrong one is reported, and row 0 taken in its place.
__device__ inline int checked(int number, long long limit, int kind, Fault* fault) {
  if (number >= 0 && number < limit) {
    return number;
  }
  report(fault, kind, number, limit);
  return 0;
}

#define FAULT_ROW 1
#define FAULT_AXIS 2
#define FAULT_BAG 3
#define FAULT_LENGTH 4
#define FAULT_SLOTS 5
#define FAULT_CLASS 6
