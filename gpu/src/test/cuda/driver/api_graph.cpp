// Graphs: made ready, launched, destroyed.
#include "call.h"
#include "capture.h"
#include "counters.h"
#include "export.h"

using namespace emulator;

EMULATOR_API CUresult cuGraphInstantiateWithFlags(CUgraphExec* exec, CUgraph graph, unsigned long long) {
  return callOnCard([&](Card& card) {
    CUresult result = unsafeCall(card, "cuGraphInstantiate");
    if (result == CUDA_SUCCESS) {
      *exec = new GraphExec(graph->nodes);
      counters().liveGraphs++;
    }
    return result;
  });
}

EMULATOR_API CUresult cuGraphUpload(CUgraphExec, CUstream) {
  return callOnCard([](Card&) { return CUDA_SUCCESS; });
}

EMULATOR_API CUresult cuGraphLaunch(CUgraphExec exec, CUstream handle) {
  return callOnCard([&](Card& card) {
    auto stream = streamOf(handle, card);
    if (stream == nullptr) {
      return fail(CUDA_ERROR_INVALID_HANDLE, "no such stream: cuGraphLaunch");
    }
    if (stream->capture != nullptr) {
      return refuse(*stream->capture, CUDA_ERROR_NOT_SUPPORTED, "the emulator does not capture launches of graphs");
    }
    counters().graphLaunches++;
    return stream->enqueue("graph", [exec] { return exec->run(); });
  });
}

EMULATOR_API CUresult cuGraphGetNodes(CUgraph graph, void**, size_t* count) {
  return call([&] {
    *count = graph->nodes.size();
    return CUDA_SUCCESS;
  });
}

// One that still runs is destroyed when it has ended.
EMULATOR_API CUresult cuGraphExecDestroy(CUgraphExec exec) {
  return call([&] {
    if (Card* card = currentCard(); card != nullptr) {
      runAll(*card);
    }
    delete exec;
    counters().liveGraphs--;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuGraphDestroy(CUgraph graph) {
  return call([&] {
    delete graph;
    counters().liveGraphs--;
    return CUDA_SUCCESS;
  });
}
