// What a text in PTX says of itself.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace emulator {
struct Entry {
  std::vector<size_t> parameters;  // the bytes of each
  unsigned mostThreads;            // of a block, as __launch_bounds__ says; 0: as many as the card allows
};

struct Ptx {
  int version;  // 80 for 8.0
  std::map<std::string, Entry> entries;

  static Ptx parse(const std::string& text);
};
}  // namespace emulator
