#include "settings.h"

#include "export.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace emulator {
static Settings fromEnvironment() {
  Settings settings;
  const char* variable = getenv("GRADSTREAM_EMULATOR");
  std::istringstream list(variable == nullptr ? "" : variable);
  for (std::string item; std::getline(list, item, ',');) {
    size_t equals = item.find('=');
    if (equals == std::string::npos || !settings.set(item.substr(0, equals), atol(item.c_str() + equals + 1))) {
      fprintf(stderr, "emulator: no such setting: GRADSTREAM_EMULATOR=%s\n", item.c_str());
      abort();
    }
  }
  return settings;
}

bool Settings::set(const std::string& name, long value) {
  long* place = name == "cards"     ? &cards
                : name == "memory"  ? &memory
                : name == "version" ? &version
                : name == "seed"    ? &seed
                : name == "eager"   ? &eager
                                    : nullptr;
  if (place != nullptr) {
    *place = value;
  }
  return place != nullptr;
}

Settings& settings() {
  static Settings settings = fromEnvironment();
  return settings;
}
}  // namespace emulator

EMULATOR_API int emulator_set(const char* name, long value) { return emulator::settings().set(name, value); }
