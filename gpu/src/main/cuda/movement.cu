// Elements copied to other places, whatever they mean.
#include "kernel.cuh"

#define SIDE 32

// Matrices turned over: x[i + j * strideOfX] becomes y[j + i * strideOfY], i being below tall and j below wide. Squares of them go through
// shared memory, so that neighbours are read and neighbours are written. A block is a rectangle of threads, as wide as a square.
template <typename T>
__device__ void turn_over(
    const T* x, T* y, int tall, int wide, long long strideOfX, long long strideOfY, long long matrices, const Places& places) {
  __shared__ T square[SIDE][SIDE + 1];
  int squaresOfColumn = (tall + SIDE - 1) / SIDE;
  int squares = squaresOfColumn * ((wide + SIDE - 1) / SIDE);
  for (long long s = blockIdx.x; s < matrices * squares; s += gridDim.x) {
    long long at[2];
    places.locate(s / squares, at);
    int top = (int)(s % squares) % squaresOfColumn * SIDE;
    int left = (int)(s % squares) / squaresOfColumn * SIDE;
    __syncthreads();
    for (int k = threadIdx.y; k < SIDE && left + k < wide; k += blockDim.y) {
      if (top + threadIdx.x < tall) {
        square[k][threadIdx.x] = x[at[0] + top + threadIdx.x + (left + k) * strideOfX];
      }
    }
    __syncthreads();
    for (int k = threadIdx.y; k < SIDE && top + k < tall; k += blockDim.y) {
      if (left + threadIdx.x < wide) {
        y[at[1] + left + threadIdx.x + (top + k) * strideOfY] = square[threadIdx.x][k];
      }
    }
  }
}

#define COPY(name, T)                                            \
  KERNEL copy_##name(const T* x, T* y, long long n, Places places) { \
    FOR_EACH(i, n) {                                             \
      long long at[2];                                           \
      places.locate(i, at);                                      \
      y[at[1]] = x[at[0]];                                       \
    }                                                            \
  }

#define MOVEMENT(name, T)                                                                                                \
  COPY(name, T)                                                                                                          \
  KERNEL turn_over_##name(                                                                                               \
      const T* x, T* y, int tall, int wide, long long strideOfX, long long strideOfY, long long matrices, Places places) { \
    turn_over(x, y, tall, wide, strideOfX, strideOfY, matrices, places);                                                 \
  }                                                                                                                      \
  KERNEL fill_##name(T* y, long long n, unsigned long long bits) {                                                       \
    FOR_EACH(i, n) y[i] = (T)bits;                                                                                       \
  }                                                                                                                      \
  KERNEL one_hot_##name(const int* classes, T* y, long long n, int columns, unsigned long long one) {                    \
    FOR_EACH(i, n) y[i] = classes[i / columns] == i % columns ? (T)one : (T)0;                                           \
  }

MOVEMENT(b8, unsigned char)
MOVEMENT(b16, unsigned short)
MOVEMENT(b32, unsigned int)
MOVEMENT(b64, unsigned long long)
COPY(b128, uint4)
