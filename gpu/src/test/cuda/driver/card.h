// A card with its primary context, which here are one thing.
#pragma once
#include <deque>
#include <memory>
#include <vector>

#include "driver_types.h"

namespace emulator {
struct Card {
  int index;
  int retained = 0;
  size_t usedBytes = 0;
  CUresult error = CUDA_SUCCESS;  // after a kernel failed, every call fails
  std::vector<std::shared_ptr<Stream>> streams;  // the first is the null stream

  explicit Card(int index);
};

// nullptr: there is no such card.
Card* card(int index);

// The context of the calling thread; nullptr: none.
Card*& currentCard();
}  // namespace emulator
