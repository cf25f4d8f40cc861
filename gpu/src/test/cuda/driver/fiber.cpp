#include "fiber.h"

#include <sys/mman.h>

#include <new>

// Saves what a call must preserve, leaves the stack pointer at *from, and goes on at the stack `to`.
extern "C" void emulator_switch(void** from, void* to);

asm(R"(
  .text
  .type emulator_switch, @function
emulator_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size emulator_switch, .-emulator_switch
)");

namespace emulator {
constexpr size_t STACK = 128 << 10;
constexpr size_t GUARD = 4096;
constexpr int PRESERVED = 6;

Fiber::Fiber(void (*body)()) : body(body) {
  void* memory = mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    throw std::bad_alloc();
  }
  stack = (char*)memory;
  mprotect(stack, GUARD, PROT_NONE);
  restart();
}

Fiber::~Fiber() { munmap(stack, STACK); }

void Fiber::restart() {
  // Stacks begin at different lines of the cache; a function begins 8 bytes beside a multiple of 16.
  size_t stagger = ((size_t)stack / STACK % 64) * 128;
  void** top = (void**)(stack + STACK - 64 - stagger);
  *--top = nullptr;
  *--top = (void*)body;
  for (int i = 0; i < PRESERVED; i++) {
    *--top = nullptr;
  }
  place = top;
}

void Fiber::resume() { emulator_switch(&resumer, place); }

void Fiber::pause() { emulator_switch(&place, resumer); }
}  // namespace emulator
