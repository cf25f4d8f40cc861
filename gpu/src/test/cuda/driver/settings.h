// What a test may change: from the variable GRADSTREAM_EMULATOR ("cards=2,seed=7") when the library is loaded, or with emulator_set.
#pragma once
#include <string>

namespace emulator {
struct Settings {
  long cards = 2;
  long memory = 8L << 30;  // of one card, in bytes
  long version = 12000;    // of the driver, as it counts them
  long seed = 0;           // 0: threads, blocks and the nodes of a graph run in the order they have
  long eager = 0;          // 1: work on a stream runs at once

  bool set(const std::string& name, long value);
};

Settings& settings();
}  // namespace emulator
