#include "card.h"

#include "errors.h"
#include "export.h"
#include "settings.h"
#include "stream.h"

namespace emulator {
static std::deque<Card>& cards() {
  static auto* cards = [] {
    auto* made = new std::deque<Card>;
    for (int i = 0; i < settings().cards; i++) {
      made->emplace_back(i);
    }
    return made;
  }();
  return *cards;
}

Card::Card(int index) : index(index) { streams.push_back(std::make_shared<Stream>(*this, true)); }

Card* card(int index) { return index >= 0 && index < (int)cards().size() ? &cards()[index] : nullptr; }

Card*& currentCard() {
  static thread_local Card* current = nullptr;
  return current;
}
}  // namespace emulator

// Forgets a failure, and the work that waited behind it: what a new process would do.
EMULATOR_API void emulator_forget_failures() {
  std::lock_guard lock(emulator::mutex());
  for (auto& card : emulator::cards()) {
    card.error = CUDA_SUCCESS;
    for (auto& stream : card.streams) {
      stream->forget();
    }
  }
}
