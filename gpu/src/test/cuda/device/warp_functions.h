// Exchanges between the threads of a warp.
#pragma once
#include "built_in.h"

constexpr unsigned EMULATOR_ALL_LANES = 0xffffffffu;

namespace emulator {
inline int lane() { return here.number % 32; }

template <typename T>
inline T exchanged(unsigned lanes, T mine, int source, int line) {
  static_assert(sizeof(T) <= sizeof(uint64_t));
  uint64_t word = 0;
  memcpy(&word, &mine, sizeof(T));
  word = exchange(lanes, word, source, line);
  memcpy(&mine, &word, sizeof(T));
  return mine;
}

// A source outside this lane's group of `width` lanes means the lane itself.
inline int within(int source, int width) { return (source ^ lane()) & ~(width - 1) ? lane() : source; }
}  // namespace emulator

inline void __syncwarp(unsigned lanes = EMULATOR_ALL_LANES, int line = __builtin_LINE()) {
  emulator::exchange(lanes, 0, emulator::lane(), line);
}

template <typename T>
inline T __shfl_sync(unsigned lanes, T mine, int source, int width = 32, int line = __builtin_LINE()) {
  return emulator::exchanged(lanes, mine, (emulator::lane() & ~(width - 1)) | (source & (width - 1)), line);
}

template <typename T>
inline T __shfl_down_sync(unsigned lanes, T mine, unsigned by, int width = 32, int line = __builtin_LINE()) {
  return emulator::exchanged(lanes, mine, emulator::within(emulator::lane() + (int)by, width), line);
}

template <typename T>
inline T __shfl_up_sync(unsigned lanes, T mine, unsigned by, int width = 32, int line = __builtin_LINE()) {
  return emulator::exchanged(lanes, mine, emulator::within(emulator::lane() - (int)by, width), line);
}

template <typename T>
inline T __shfl_xor_sync(unsigned lanes, T mine, int with, int width = 32, int line = __builtin_LINE()) {
  return emulator::exchanged(lanes, mine, emulator::within(emulator::lane() ^ with, width), line);
}

inline unsigned __ballot_sync(unsigned lanes, int vote, int line = __builtin_LINE()) {
  return (unsigned)emulator::exchange(lanes, vote != 0, emulator::EVERY_LANE, line);
}

inline int __any_sync(unsigned lanes, int vote, int line = __builtin_LINE()) {
  return __ballot_sync(lanes, vote, line) != 0;
}

inline int __all_sync(unsigned lanes, int vote, int line = __builtin_LINE()) {
  return __ballot_sync(lanes, !vote, line) == 0;
}

inline unsigned __activemask() { return EMULATOR_ALL_LANES; }
