// The threads of one block, taking turns: each runs until it waits for others. A thread that never waits needs no stack of its own, so one fiber
// serves many of them.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "../device/built_in.h"
#include "fiber.h"
#include "launch.h"

namespace emulator {
class Block {
 public:
  // Runs a block to its end; what is wrong, if its threads wait for one another for ever.
  std::string run(const Launch& launch, dim3 index, std::mt19937_64* random);

  // Forgets a block that stopped in its middle.
  void abandon();

  std::string where() const;

  void barrier(int line);
  uint64_t exchange(unsigned lanes, uint64_t mine, int source, int line);

 private:
  struct Lane {
    uint64_t mine = 0;
    uint64_t result = 0;
    int source = 0;
    int line = 0;
    unsigned lanes = 0;
    Fiber* fiber = nullptr;
  };

  struct Warp {
    unsigned waiting = 0;   // lanes in an exchange
    unsigned returned = 0;  // lanes that are gone, or never were
    Lane lane[32];
  };

  const Launch* launch = nullptr;
  std::mt19937_64* random = nullptr;
  std::vector<unsigned> order;
  std::vector<Warp> warps;
  std::vector<std::unique_ptr<Fiber>> fibers;
  std::vector<Fiber*> idle;
  std::deque<Fiber*> ready;
  std::vector<Fiber*> atBarrier;
  int barrierLine = 0;
  unsigned started = 0;
  unsigned running = 0;
  std::string wrong;
  Fiber* current = nullptr;

  static void fiberBody();
  void runThreads();
  void threadReturned(unsigned thread);
  Fiber* next();
  Fiber* idleFiber();
  void take(unsigned thread);
  void wait();
  void release(std::vector<Fiber*>& waiting);
  void releaseBarrierIfComplete();
  void releaseLanesLike(Warp& warp, int lane);
};

// The block whose threads have their turns.
extern Block block;
}  // namespace emulator
