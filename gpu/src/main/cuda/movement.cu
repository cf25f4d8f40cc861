// Elements copied to other places, whatever they mean.
#include "kernel.cuh"

#define MOVEMENT(name, T)                                                                        \
  KERNEL copy_##name(const T* x, T* y, long long n, Places places) {                             \
    FOR_EACH(i, n) {                                                                             \
      long long at[2];                                                                           \
      places.locate(i, at);                                                                      \
      y[at[1]] = x[at[0]];                                                                       \
    }                                                                                            \
  }                                                                                              \
  KERNEL fill_##name(T* y, long long n, unsigned long long bits) {                               \
    FOR_EACH(i, n) y[i] = (T)bits;                                                               \
  }                                                                                              \
  KERNEL one_hot_##name(const int* classes, T* y, long long n, int columns, unsigned long long one) { \
    FOR_EACH(i, n) y[i] = classes[i / columns] == i % columns ? (T)one : (T)0;                   \
  }

MOVEMENT(b8, unsigned char)
MOVEMENT(b16, unsigned short)
MOVEMENT(b32, unsigned int)
MOVEMENT(b64, unsigned long long)
