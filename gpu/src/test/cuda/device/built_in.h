// Where a thread is, and how threads of a block wait for one another.
#pragma once
#include "vector_types.h"

namespace emulator {
// The thread that has its turn: its place in its block, its block's place in the grid, and the sizes of both.
struct Place {
  dim3 thread, block, blockSize, gridSize;
  unsigned number;  // of the thread in its block
};
extern Place here;

// Waits until every thread of the block that has not returned is at the same line.
void barrier(int line);

// Waits until the named lanes of the warp are here, and gives what the source lane brought; a lane that is not here brings all ones.
uint64_t exchange(unsigned lanes, uint64_t mine, int source, int line);

// Instead of a source: gives a bit of each lane, 1 where it brought 1.
constexpr int EVERY_LANE = -1;
}  // namespace emulator

#define threadIdx (emulator::here.thread)
#define blockIdx (emulator::here.block)
#define blockDim (emulator::here.blockSize)
#define gridDim (emulator::here.gridSize)

constexpr int warpSize = 32;

inline void __syncthreads(int line = __builtin_LINE()) { emulator::barrier(line); }
inline void __threadfence() {}
inline void __threadfence_block() {}
inline void __threadfence_system() {}
