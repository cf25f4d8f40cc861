// Four neighbouring elements, which a thread takes from memory at once: what waits for memory waits for fewer and larger pieces of it.
#pragma once

template <typename T>
struct alignas(4 * sizeof(T)) Four {
  T at[4];
};

// Runs what follows for each of the four, k.
#define FOR_EACH_OF_FOUR(k) _Pragma("unroll") for (int k = 0; k < 4; k++)
