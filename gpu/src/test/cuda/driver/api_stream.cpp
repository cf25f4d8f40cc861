// Streams, events, and captures.
#include <algorithm>

#include "call.h"
#include "capture.h"
#include "counters.h"
#include "export.h"
#include "stream.h"

using namespace emulator;

namespace {
template <typename Body>
CUresult callOnStream(CUstream handle, Body body) {
  return callOnCard([&](Card& card) {
    auto stream = streamOf(handle, card);
    return stream == nullptr ? fail(CUDA_ERROR_INVALID_HANDLE, "no such stream on this card: " + hex((uintptr_t)handle))
                             : body(stream);
  });
}

template <typename Body>
CUresult callOnEvent(CUevent event, Body body) {
  return callOnCard([&](Card&) {
    return event->capture != nullptr
               ? refuse(*event->capture, CUDA_ERROR_CAPTURED_EVENT, "nobody can wait for an event of a capture")
               : body(*event);
  });
}
}  // namespace

EMULATOR_API CUresult cuStreamCreate(CUstream* handle, unsigned flags) {
  return callOnCard([&](Card& card) {
    card.streams.push_back(std::make_shared<Stream>(card, (flags & CU_STREAM_NON_BLOCKING) == 0));
    *handle = card.streams.back().get();
    counters().liveStreams++;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuStreamCreateWithPriority(CUstream* handle, unsigned flags, int) {
  return cuStreamCreate(handle, flags);
}

EMULATOR_API CUresult cuCtxGetStreamPriorityRange(int* least, int* greatest) {
  *least = 0;
  *greatest = -5;
  return CUDA_SUCCESS;
}

// A stream can also be destroyed after a kernel failed.
EMULATOR_API CUresult cuStreamDestroy_v2(CUstream handle) {
  return call([&] {
    if (handle == nullptr) {
      return fail(CUDA_ERROR_INVALID_HANDLE, "the null stream cannot be destroyed");
    }
    auto& streams = handle->card.streams;
    auto found = std::find_if(streams.begin() + 1, streams.end(), [&](auto& stream) { return stream.get() == handle; });
    if (found == streams.end()) {
      return fail(CUDA_ERROR_INVALID_HANDLE, "no such stream: " + hex((uintptr_t)handle));
    }
    (*found)->runAll();
    streams.erase(found);
    counters().liveStreams--;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuStreamSynchronize(CUstream handle) {
  return callOnStream(handle, [](auto& stream) {
    counters().synchronizations++;
    return stream->capture != nullptr
               ? refuse(*stream->capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "nobody can wait for a stream that is captured")
               : stream->runAll();
  });
}

// Never ready when it is asked first, if there is work: what is not waited for is not there.
EMULATOR_API CUresult cuStreamQuery(CUstream handle) {
  return callOnStream(handle, [](auto& stream) {
    if (stream->capture != nullptr) {
      return refuse(*stream->capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "a stream that is captured is never ready");
    }
    bool ready = stream->done == stream->enqueued;
    CUresult result = stream->runAll();
    return ready || result != CUDA_SUCCESS ? result : CUDA_ERROR_NOT_READY;
  });
}

EMULATOR_API CUresult cuStreamWaitEvent(CUstream handle, CUevent event, unsigned) {
  return callOnStream(handle, [&](auto& stream) { return waitFor(*event, stream); });
}

EMULATOR_API CUresult cuEventCreate(CUevent* event, unsigned) {
  return callOnCard([&](Card&) {
    *event = new Event;
    counters().liveEvents++;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuEventDestroy_v2(CUevent event) {
  return call([&] {
    delete event;
    counters().liveEvents--;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuEventRecord(CUevent event, CUstream handle) {
  return callOnStream(handle, [&](auto& stream) { return record(*event, stream); });
}

EMULATOR_API CUresult cuEventSynchronize(CUevent event) {
  return callOnEvent(event, [](Event& event) {
    counters().synchronizations++;
    return event.mark == nullptr ? CUDA_SUCCESS : event.mark->stream->runUntil(event.mark->position);
  });
}

EMULATOR_API CUresult cuEventQuery(CUevent event) {
  return callOnEvent(event, [](Event& event) {
    if (event.mark == nullptr || event.mark->reached) {
      return CUDA_SUCCESS;
    }
    CUresult result = event.mark->stream->runUntil(event.mark->position);
    return result != CUDA_SUCCESS ? result : CUDA_ERROR_NOT_READY;
  });
}

EMULATOR_API CUresult cuEventElapsedTime(float* milliseconds, CUevent from, CUevent to) {
  return callOnCard([&](Card&) {
    if (from->mark == nullptr || to->mark == nullptr) {
      return fail(CUDA_ERROR_INVALID_HANDLE, "an event that was not recorded has no time");
    }
    if (!from->mark->reached || !to->mark->reached) {
      return CUDA_ERROR_NOT_READY;
    }
    *milliseconds = std::chrono::duration<float, std::milli>(to->mark->at - from->mark->at).count();
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuStreamBeginCapture_v2(CUstream handle, CUstreamCaptureMode mode) {
  return callOnStream(handle, [&](auto& stream) {
    if (stream == stream->card.streams[0]) {
      return fail(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "the null stream cannot be captured");
    }
    if (stream->capture != nullptr) {
      return fail(CUDA_ERROR_ILLEGAL_STATE, "the stream is being captured already");
    }
    stream->capture = std::make_shared<Capture>(*stream, mode);
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuStreamEndCapture(CUstream handle, CUgraph* graph) {
  return callOnStream(handle, [&](auto& stream) {
    if (stream->capture == nullptr) {
      return fail(CUDA_ERROR_ILLEGAL_STATE, "the stream is not being captured");
    }
    auto capture = stream->capture;
    CUresult result = capture->end(handle, graph);
    counters().liveGraphs += result == CUDA_SUCCESS;
    return result;
  });
}

EMULATOR_API CUresult cuStreamIsCapturing(CUstream handle, CUstreamCaptureStatus* status) {
  return callOnStream(handle, [&](auto& stream) {
    *status = stream->capture == nullptr   ? CU_STREAM_CAPTURE_STATUS_NONE
              : stream->capture->invalid ? CU_STREAM_CAPTURE_STATUS_INVALIDATED
                                         : CU_STREAM_CAPTURE_STATUS_ACTIVE;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuLaunchHostFunc(CUstream handle, void (*function)(void*), void* argument) {
  return callOnStream(handle, [&](auto& stream) {
    return stream->enqueue("host function", [=] {
      function(argument);
      return CUDA_SUCCESS;
    });
  });
}
