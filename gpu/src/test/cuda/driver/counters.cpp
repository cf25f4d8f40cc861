#include "counters.h"

#include <map>
#include <string>

#include "errors.h"
#include "export.h"

namespace emulator {
Counters& counters() {
  static Counters counters;
  return counters;
}
}  // namespace emulator

using emulator::Counters;

// -1: there is no such counter.
EMULATOR_API long emulator_counter(const char* name) {
  static const std::map<std::string, long Counters::*> COUNTERS = {
      {"LAUNCHES", &Counters::launches},
      {"GRAPH_LAUNCHES", &Counters::graphLaunches},
      {"SYNCHRONIZATIONS", &Counters::synchronizations},
      {"ALLOCATIONS", &Counters::allocations},
      {"LIVE_ALLOCATIONS", &Counters::liveAllocations},
      {"LIVE_BYTES", &Counters::liveBytes},
      {"LIVE_PINNED", &Counters::livePinned},
      {"LIVE_STREAMS", &Counters::liveStreams},
      {"LIVE_EVENTS", &Counters::liveEvents},
      {"LIVE_MODULES", &Counters::liveModules},
      {"LIVE_GRAPHS", &Counters::liveGraphs},
      {"LIVE_CONTEXTS", &Counters::liveContexts},
      {"LIVE_BLAS_HANDLES", &Counters::liveBlasHandles},
  };
  std::lock_guard lock(emulator::mutex());
  auto found = COUNTERS.find(name);
  return found == COUNTERS.end() ? -1 : emulator::counters().*found->second;
}
