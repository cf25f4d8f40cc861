#include "errors.h"

#include "export.h"

#include <cstdio>

namespace emulator {
std::recursive_mutex& mutex() {
  static auto* mutex = new std::recursive_mutex;
  return *mutex;
}

std::string& lastFailure() {
  static auto* failure = new std::string;
  return *failure;
}

CUresult fail(CUresult code, const std::string& what) {
  lastFailure() = what;
  fprintf(stderr, "emulator: error %d: %s\n", code, what.c_str());
  return code;
}

std::string hex(uintptr_t address) {
  char text[32];
  snprintf(text, sizeof text, "0x%lx", address);
  return text;
}
}  // namespace emulator

// The last thing that was wrong, in words; valid until the next one.
EMULATOR_API const char* emulator_failure() {
  std::lock_guard lock(emulator::mutex());
  return emulator::lastFailure().c_str();
}
