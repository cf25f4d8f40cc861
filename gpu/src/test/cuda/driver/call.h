// How every function of the driver begins: under the lock, on the card of the calling thread.
#pragma once
#include <mutex>

#include "card.h"
#include "errors.h"

namespace emulator {
bool initialized();

template <typename Body>
CUresult call(Body body) {
  std::lock_guard lock(mutex());
  return initialized() ? body() : fail(CUDA_ERROR_NOT_INITIALIZED, "cuInit comes first");
}

template <typename Body>
CUresult callOnCard(Body body) {
  return call([&] {
    Card* card = currentCard();
    if (card == nullptr) {
      return fail(CUDA_ERROR_INVALID_CONTEXT, "the calling thread has no context");
    }
    if (card->retained == 0) {
      return fail(CUDA_ERROR_CONTEXT_IS_DESTROYED, "the context was released: card=" + std::to_string(card->index));
    }
    return card->error != CUDA_SUCCESS ? card->error : body(*card);
  });
}
}  // namespace emulator
