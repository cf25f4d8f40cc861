#include "block.h"

#include <algorithm>
#include <cstring>
#include <numeric>

extern char __start_cuda_shared[] __attribute__((weak, visibility("hidden")));
extern char __stop_cuda_shared[] __attribute__((weak, visibility("hidden")));

namespace emulator {
Place here;
Block block;

void barrier(int line) { block.barrier(line); }

uint64_t exchange(unsigned lanes, uint64_t mine, int source, int line) {
  return block.exchange(lanes, mine, source, line);
}

static void spoilSharedMemory() { memset(__start_cuda_shared, 0xff, __stop_cuda_shared - __start_cuda_shared); }

std::string Block::run(const Launch& of, dim3 index, std::mt19937_64* randomOrder) {
  launch = &of;
  random = randomOrder;
  unsigned threads = of.threadsPerBlock();
  order.resize(threads);
  std::iota(order.begin(), order.end(), 0);
  if (random != nullptr) {
    std::shuffle(order.begin(), order.end(), *random);
  }
  warps.assign((threads + 31) / 32, Warp());
  if (threads % 32 != 0) {
    warps.back().returned = ~0u << threads % 32;
  }
  started = 0;
  running = threads;
  wrong.clear();
  here.block = index;
  here.blockSize = of.block;
  here.gridSize = of.grid;
  spoilSharedMemory();
  for (Fiber* fiber = next(); fiber != nullptr; fiber = next()) {
    current = fiber;
    take(fiber->thread);
    fiber->resume();
  }
  if (wrong.empty() && running > 0) {
    wrong = std::to_string(running) + " of " + std::to_string(threads) +
            " threads wait for others that have returned or wait elsewhere";
  }
  std::string what = wrong;
  if (!what.empty()) {
    what = "divergent barrier in " + where() + ": " + what;
    abandon();
  }
  return what;
}

void Block::abandon() {
  ready.clear();
  atBarrier.clear();
  idle.clear();
  for (auto& fiber : fibers) {
    fiber->restart();
    idle.push_back(fiber.get());
  }
}

std::string Block::where() const {
  auto text = [](dim3 at) {
    return "(" + std::to_string(at.x) + "," + std::to_string(at.y) + "," + std::to_string(at.z) + ")";
  };
  return "kernel=" + launch->kernel->name + " block=" + text(here.block) + " thread=" + text(here.thread);
}

// Who has the next turn: a thread that no longer waits, or one that has not begun.
Fiber* Block::next() {
  if (!wrong.empty()) {
    return nullptr;
  }
  if (!ready.empty()) {
    if (random != nullptr) {
      std::swap(ready.front(), ready[(*random)() % ready.size()]);
    }
    Fiber* fiber = ready.front();
    ready.pop_front();
    return fiber;
  }
  return started < order.size() ? idleFiber() : nullptr;
}

Fiber* Block::idleFiber() {
  if (idle.empty()) {
    fibers.push_back(std::make_unique<Fiber>(fiberBody));
    return fibers.back().get();
  }
  Fiber* fiber = idle.back();
  idle.pop_back();
  return fiber;
}

void Block::take(unsigned thread) {
  here.number = thread;
  here.thread = {thread % launch->block.x, thread / launch->block.x % launch->block.y,
                 thread / (launch->block.x * launch->block.y)};
}

void Block::fiberBody() {
  for (;;) {
    block.runThreads();
  }
}

// On a fiber: runs threads that have not begun, one after the other, until others that waited can go on.
void Block::runThreads() {
  while (started < order.size() && ready.empty() && wrong.empty()) {
    current->thread = order[started++];
    take(current->thread);
    launch->kernel->call(launch->kernel->function, const_cast<void**>(launch->arguments.data()));
    threadReturned(current->thread);
  }
  idle.push_back(current);
  current->pause();
}

void Block::threadReturned(unsigned thread) {
  running--;
  Warp& warp = warps[thread / 32];
  warp.returned |= 1u << thread % 32;
  for (unsigned waiting = warp.waiting; waiting != 0; waiting &= waiting - 1) {
    releaseLanesLike(warp, __builtin_ctz(waiting));
  }
  releaseBarrierIfComplete();
}

void Block::wait() {
  Fiber* fiber = current;
  fiber->pause();
}

void Block::release(std::vector<Fiber*>& waiting) {
  ready.insert(ready.end(), waiting.begin(), waiting.end());
  waiting.clear();
}

void Block::barrier(int line) {
  if (!atBarrier.empty() && barrierLine != line) {
    wrong = "threads wait at different lines: " + std::to_string(barrierLine) + " and " + std::to_string(line);
    wait();
  }
  barrierLine = line;
  atBarrier.push_back(current);
  releaseBarrierIfComplete();
  wait();
}

void Block::releaseBarrierIfComplete() {
  if (!atBarrier.empty() && atBarrier.size() == running) {
    release(atBarrier);
  }
}

uint64_t Block::exchange(unsigned lanes, uint64_t mine, int source, int line) {
  unsigned thread = here.number;
  Warp& warp = warps[thread / 32];
  Lane& lane = warp.lane[thread % 32];
  if ((lanes >> thread % 32 & 1) == 0) {
    wrong = "a thread exchanges with lanes that it is not one of: lanes=" + std::to_string(lanes) +
            " line=" + std::to_string(line);
    wait();
  }
  lane = {mine, 0, source, line, lanes, current};
  warp.waiting |= 1u << thread % 32;
  releaseLanesLike(warp, thread % 32);
  wait();
  return lane.result;
}

// Lets the lanes go on that exchange with this one, once all of them that have not returned are here, at the same line.
void Block::releaseLanesLike(Warp& warp, int like) {
  const unsigned lanes = warp.lane[like].lanes;
  const unsigned wanted = lanes & ~warp.returned;
  if ((warp.waiting & wanted) != wanted) {
    return;
  }
  for (unsigned rest = wanted; rest != 0; rest &= rest - 1) {
    const Lane& lane = warp.lane[__builtin_ctz(rest)];
    if (lane.lanes != lanes || lane.line != warp.lane[like].line) {
      return;
    }
  }
  unsigned votes = 0;
  for (unsigned rest = wanted; rest != 0; rest &= rest - 1) {
    votes |= (unsigned)(warp.lane[__builtin_ctz(rest)].mine == 1) << __builtin_ctz(rest);
  }
  std::vector<Fiber*> released;
  for (unsigned rest = wanted; rest != 0; rest &= rest - 1) {
    Lane& lane = warp.lane[__builtin_ctz(rest)];
    if (lane.source == EVERY_LANE) {
      lane.result = votes;
    } else {
      lane.result = wanted >> (lane.source & 31) & 1 ? warp.lane[lane.source & 31].mine : ~0ull;
    }
    released.push_back(lane.fiber);
  }
  warp.waiting &= ~wanted;
  release(released);
}
}  // namespace emulator
