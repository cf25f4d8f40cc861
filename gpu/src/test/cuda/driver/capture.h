// Work that is written down instead of run, and the graph that comes of it.
#pragma once
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "driver_types.h"
#include "stream.h"

namespace emulator {
struct Node {
  std::string name;
  Work work;
  std::vector<int> after;
};

struct Graph {
  std::vector<Node> nodes;
};

class GraphExec {
 public:
  explicit GraphExec(std::vector<Node> nodes);

  // Runs every node after those it comes after, and otherwise in any order, another one at every launch.
  CUresult run() const;

 private:
  std::vector<Node> nodes;
  std::vector<std::vector<int>> followers;  // of each node: those that come after it
};

struct Capture : std::enable_shared_from_this<Capture> {
  Stream& origin;
  CUstreamCaptureMode mode;
  std::thread::id thread = std::this_thread::get_id();
  bool invalid = false;
  std::vector<Node> nodes;

  Capture(Stream& origin, CUstreamCaptureMode mode) : origin(origin), mode(mode) {}

  CUresult add(Stream& stream, const std::string& name, Work work);

  // The stream goes on after these nodes too, and is captured from now on.
  CUresult join(Stream& stream, const std::vector<int>& nodes);

  // nullptr and an error: it was invalid, or a stream that joined has not come back.
  CUresult end(CUstream stream, Graph** graph);
};

// Says no, and makes the capture invalid as the driver does.
CUresult refuse(Capture& capture, CUresult code, const std::string& why);

// Says no to what no capture of the card may see.
CUresult refuseAll(Card& card, CUresult code, const std::string& why);

// Whether the calling thread may allocate or wait now; other than success makes captures invalid.
CUresult unsafeCall(Card& card, const std::string& name);
}  // namespace emulator
