#include "kernel.h"

#include <map>

namespace emulator {
static std::map<std::string, Kernel>& kernels() {
  static std::map<std::string, Kernel> kernels;
  return kernels;
}

void Kernel::add(Kernel kernel) { kernels().emplace(kernel.name, kernel); }

const Kernel* Kernel::find(const std::string& name) {
  auto found = kernels().find(name);
  return found == kernels().end() ? nullptr : &found->second;
}
}  // namespace emulator
