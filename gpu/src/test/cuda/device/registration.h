// How a compiled kernel becomes known to the driver: EMULATOR_KERNEL(name) behind the source that has it.
#pragma once
#include "../driver/kernel.h"

namespace emulator {
template <typename... A, size_t... I>
inline void call(void (*kernel)(A...), void** arguments, std::index_sequence<I...>) {
  kernel(*(std::remove_reference_t<A>*)arguments[I]...);
}

template <typename... A>
void caller(void (*kernel)(), void** arguments) {
  call((void (*)(A...))kernel, arguments, std::index_sequence_for<A...>());
}

struct Registration {
  template <typename... A>
  Registration(const char* name, void (*kernel)(A...)) {
    Kernel::add({name, (void (*)())kernel, caller<A...>, {Parameter{sizeof(A), std::is_pointer_v<A>}...}});
  }
};
}  // namespace emulator

#define EMULATOR_KERNEL(name) static emulator::Registration emulator_registration_of_##name(#name, name);
