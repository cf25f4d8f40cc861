// What a text in PTX says of itself.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace emulator {
struct Ptx {
  int version;  // 80 for 8.0
  std::map<std::string, std::vector<size_t>> entries;  // the bytes of each parameter, by the name of the kernel

  static Ptx parse(const std::string& text);
};
}  // namespace emulator
