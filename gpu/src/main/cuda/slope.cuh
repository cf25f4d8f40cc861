// The slopes of activations, from their results.
#pragma once

struct Relu {
  template <typename T>
  static __device__ T slope(T y) { return y > 0 ? T(1) : T(0); }
};

struct Sigmoid {
  template <typename T>
  static __device__ T slope(T y) { return y * (1 - y); }
};

struct Tanh {
  template <typename T>
  static __device__ T slope(T y) { return 1 - y * y; }
};
