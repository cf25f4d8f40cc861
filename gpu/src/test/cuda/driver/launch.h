// A kernel with its arguments and the size of its grid.
#pragma once
#include <cstring>
#include <memory>
#include <vector>

#include "../device/vector_types.h"
#include "kernel.h"

namespace emulator {
struct Launch {
  const Kernel* kernel;
  dim3 grid, block;
  std::vector<std::unique_ptr<char[]>> values;
  std::vector<void*> arguments;

  Launch(const Kernel* kernel, dim3 grid, dim3 block, void** from) : kernel(kernel), grid(grid), block(block) {
    for (size_t i = 0; i < kernel->parameters.size(); i++) {
      size_t bytes = kernel->parameters[i].bytes;
      values.push_back(std::make_unique<char[]>(bytes));
      memcpy(values.back().get(), from[i], bytes);
      arguments.push_back(values.back().get());
    }
  }

  unsigned threadsPerBlock() const { return block.x * block.y * block.z; }
  unsigned long blocks() const { return (unsigned long)grid.x * grid.y * grid.z; }
};
}  // namespace emulator
