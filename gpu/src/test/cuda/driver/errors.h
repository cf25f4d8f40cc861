// Results of calls: the code the driver would give, and in words what was wrong.
#pragma once
#include <mutex>
#include <string>

#include "driver_types.h"

namespace emulator {
// Held by every call of the driver. A host function may call back.
std::recursive_mutex& mutex();

// Prints and keeps what was wrong, and gives the code.
CUresult fail(CUresult code, const std::string& what);

std::string& lastFailure();

std::string hex(uintptr_t address);
}  // namespace emulator
