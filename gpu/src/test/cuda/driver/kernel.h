// A kernel that was compiled into this library.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace emulator {
struct Parameter {
  size_t bytes;
  bool pointer;
};

struct Kernel {
  std::string name;
  void (*function)();
  void (*call)(void (*function)(), void** arguments);
  std::vector<Parameter> parameters;

  static void add(Kernel kernel);

  // nullptr: there is none of this name.
  static const Kernel* find(const std::string& name);
};
}  // namespace emulator
