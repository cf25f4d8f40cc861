// The thread that kernels run on. An address that is not there ends the kernel, not the process.
#pragma once
#include "driver_types.h"
#include "launch.h"

namespace emulator {
// Runs a kernel to its end and says how it ended. Called with the driver's lock held.
CUresult runKernel(const Launch& launch);
}  // namespace emulator
