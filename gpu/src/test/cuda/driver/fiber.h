// A stack that a function runs on until it gives its turn away. All fibers share one thread of the processor.
#pragma once
#include <cstddef>

namespace emulator {
class Fiber {
 public:
  explicit Fiber(void (*body)());
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Goes on where the fiber stopped, until it pauses.
  void resume();

  // Called on this fiber: goes back to who resumed it.
  void pause();

  // Forgets what the fiber was doing: the next resume begins its body anew.
  void restart();

  unsigned thread = 0;  // whose turn it is on this stack

 private:
  void (*body)();
  char* stack;
  void* place = nullptr;
  void* resumer = nullptr;
};
}  // namespace emulator
