#include "stream.h"

#include <algorithm>

#include "capture.h"
#include "card.h"
#include "errors.h"
#include "settings.h"

namespace emulator {
namespace {
// The null stream and those that block wait for one another.
void waitForBlockingOthers(Stream& stream) {
  if (!stream.blocking) {
    return;
  }
  bool null = &stream == stream.card.streams[0].get();
  for (auto& other : stream.card.streams) {
    bool waits = other->blocking && other.get() != &stream && (null || other == stream.card.streams[0]);
    if (waits && other->done < other->enqueued) {
      stream.queue.push_back([other, position = other->enqueued] { return other->runUntil(position); });
      stream.enqueued++;
    }
  }
}

bool blocksACapture(const Stream& stream) {
  return &stream == stream.card.streams[0].get() &&
         std::any_of(stream.card.streams.begin(), stream.card.streams.end(),
                     [](auto& other) { return other->blocking && other->capture != nullptr; });
}
}  // namespace

CUresult Stream::enqueue(const std::string& name, Work work) {
  if (capture != nullptr) {
    return capture->add(*this, name, std::move(work));
  }
  if (blocksACapture(*this)) {
    return refuseAll(card, CUDA_ERROR_STREAM_CAPTURE_IMPLICIT, "the null stream waits for a stream that is captured: " + name);
  }
  waitForBlockingOthers(*this);
  queue.push_back(std::move(work));
  enqueued++;
  return settings().eager ? runAll() : CUDA_SUCCESS;
}

CUresult Stream::runUntil(long position) {
  while (done < position && !queue.empty() && card.error == CUDA_SUCCESS) {
    Work work = std::move(queue.front());
    queue.pop_front();
    CUresult result = work();
    done++;
    if (result != CUDA_SUCCESS && card.error == CUDA_SUCCESS) {
      card.error = result;
    }
  }
  return card.error;
}

void Stream::forget() {
  queue.clear();
  done = enqueued;
  capture = nullptr;
  tails.clear();
}

std::shared_ptr<Stream> streamOf(CUstream handle, Card& card) {
  if ((uintptr_t)handle <= 2) {
    return card.streams[0];
  }
  for (auto& stream : card.streams) {
    if (stream.get() == handle) {
      return stream;
    }
  }
  return nullptr;
}

CUresult record(Event& event, const std::shared_ptr<Stream>& stream) {
  event.asked = false;
  if (stream->capture != nullptr) {
    if (stream->capture->invalid) {
      return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    }
    event.capture = stream->capture;
    event.nodes = stream->tails;
    event.mark = nullptr;
    return CUDA_SUCCESS;
  }
  auto mark = std::make_shared<Mark>();
  mark->stream = stream;
  CUresult result = stream->enqueue("event", [mark] {
    mark->reached = true;
    mark->at = std::chrono::steady_clock::now();
    return CUDA_SUCCESS;
  });
  mark->position = stream->enqueued;
  event.capture = nullptr;
  event.mark = mark;
  return result;
}

CUresult waitFor(Event& event, const std::shared_ptr<Stream>& stream) {
  if (event.capture != nullptr) {
    return event.capture->join(*stream, event.nodes);
  }
  if (stream->capture != nullptr) {
    return refuse(*stream->capture, CUDA_ERROR_STREAM_CAPTURE_ISOLATION,
                  "a captured stream cannot wait for what was recorded outside its capture");
  }
  if (event.mark == nullptr) {
    return CUDA_SUCCESS;
  }
  return stream->enqueue("wait", [mark = event.mark] { return mark->stream->runUntil(mark->position); });
}

CUresult runAll(Card& card) {
  for (size_t i = 0; i < card.streams.size(); i++) {
    card.streams[i]->runAll();
  }
  return card.error;
}

CUresult runBlocking(Card& card) {
  for (size_t i = 0; i < card.streams.size(); i++) {
    if (card.streams[i]->blocking) {
      card.streams[i]->runAll();
    }
  }
  return card.error;
}
}  // namespace emulator
