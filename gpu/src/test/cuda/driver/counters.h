// What the driver did so far, for tests to read.
#pragma once

namespace emulator {
struct Counters {
  long launches = 0;
  long graphLaunches = 0;
  long synchronizations = 0;
  long allocations = 0;
  long liveAllocations = 0;
  long liveBytes = 0;
  long livePinned = 0;
  long liveStreams = 0;
  long liveEvents = 0;
  long liveModules = 0;
  long liveGraphs = 0;
  long liveContexts = 0;
  long liveBlasHandles = 0;
};

Counters& counters();
}  // namespace emulator
