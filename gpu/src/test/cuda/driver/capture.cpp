#include "capture.h"

#include <algorithm>
#include <random>
#include <set>

#include "card.h"
#include "counters.h"
#include "errors.h"
#include "settings.h"

namespace emulator {
namespace {
void releaseStreams(Card& card, const Capture* capture) {
  for (auto& stream : card.streams) {
    if (stream->capture.get() == capture) {
      stream->tails.clear();
      stream->capture = nullptr;
    }
  }
}

// The nodes and all that they come after, one after the other.
std::set<int> ancestors(const std::vector<Node>& nodes, std::vector<int> open) {
  std::set<int> found;
  while (!open.empty()) {
    int node = open.back();
    open.pop_back();
    if (found.insert(node).second) {
      open.insert(open.end(), nodes[node].after.begin(), nodes[node].after.end());
    }
  }
  return found;
}
}  // namespace

CUresult Capture::add(Stream& stream, const std::string& name, Work work) {
  if (invalid) {
    return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  }
  nodes.push_back({name, std::move(work), stream.tails});
  stream.tails = {(int)nodes.size() - 1};
  return CUDA_SUCCESS;
}

CUresult Capture::join(Stream& stream, const std::vector<int>& after) {
  if (invalid) {
    return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  }
  if (origin.capture.get() != this) {
    return fail(CUDA_ERROR_INVALID_VALUE, "a stream cannot wait for an event of a capture that has ended");
  }
  if (stream.capture != nullptr && stream.capture.get() != this) {
    return refuse(*this, CUDA_ERROR_STREAM_CAPTURE_MERGE, "two captures cannot become one");
  }
  stream.capture = shared_from_this();
  for (int node : after) {
    if (std::find(stream.tails.begin(), stream.tails.end(), node) == stream.tails.end()) {
      stream.tails.push_back(node);
    }
  }
  return CUDA_SUCCESS;
}

CUresult Capture::end(CUstream stream, Graph** graph) {
  auto self = shared_from_this();
  *graph = nullptr;
  if (stream != &origin) {
    return refuse(*this, CUDA_ERROR_STREAM_CAPTURE_UNMATCHED, "a capture ends on the stream it began on");
  }
  if (mode != CU_STREAM_CAPTURE_MODE_RELAXED && thread != std::this_thread::get_id()) {
    return fail(CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD, "a capture ends on the thread it began on");
  }
  std::vector<int> tails = stream->tails;
  releaseStreams(stream->card, this);
  if (invalid) {
    return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  }
  size_t joined = ancestors(nodes, tails).size();
  if (joined != nodes.size()) {
    return fail(CUDA_ERROR_STREAM_CAPTURE_UNJOINED, "a captured stream has not come back: nodes=" +
                                                        std::to_string(nodes.size()) + " joined=" + std::to_string(joined));
  }
  *graph = new Graph{std::move(nodes)};
  return CUDA_SUCCESS;
}

GraphExec::GraphExec(std::vector<Node> captured) : nodes(std::move(captured)), followers(nodes.size()) {
  for (size_t i = 0; i < nodes.size(); i++) {
    for (int before : nodes[i].after) {
      followers[before].push_back((int)i);
    }
  }
}

CUresult GraphExec::run() const {
  std::mt19937_64 random((unsigned long)settings().seed * 1000003 + counters().graphLaunches);
  std::vector<size_t> awaited;
  std::vector<int> ready;
  for (size_t i = 0; i < nodes.size(); i++) {
    awaited.push_back(nodes[i].after.size());
    if (awaited[i] == 0) {
      ready.push_back((int)i);
    }
  }
  while (!ready.empty()) {
    std::swap(ready[random() % ready.size()], ready.back());
    int node = ready.back();
    ready.pop_back();
    CUresult result = nodes[node].work();
    if (result != CUDA_SUCCESS) {
      return result;
    }
    for (int follower : followers[node]) {
      if (--awaited[follower] == 0) {
        ready.push_back(follower);
      }
    }
  }
  return CUDA_SUCCESS;
}

CUresult refuse(Capture& capture, CUresult code, const std::string& why) {
  capture.invalid = true;
  return fail(code, why);
}

CUresult refuseAll(Card& card, CUresult code, const std::string& why) {
  for (auto& stream : card.streams) {
    if (stream->capture != nullptr) {
      stream->capture->invalid = true;
    }
  }
  return fail(code, why);
}

CUresult unsafeCall(Card& card, const std::string& name) {
  CUresult result = CUDA_SUCCESS;
  for (auto& stream : card.streams) {
    Capture* capture = stream->capture.get();
    bool forbidden = capture != nullptr && capture->mode != CU_STREAM_CAPTURE_MODE_RELAXED &&
                     (capture->mode == CU_STREAM_CAPTURE_MODE_GLOBAL || capture->thread == std::this_thread::get_id());
    if (forbidden) {
      capture->invalid = true;
      result = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
  }
  return result == CUDA_SUCCESS ? result : fail(result, "not while a stream is captured: " + name);
}
}  // namespace emulator
