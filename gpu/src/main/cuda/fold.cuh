// Many numbers become one, always in the same order: within a block by halves.
#pragma once

// Numbers of the threads of one row of a block (threadIdx.x), joined by halves; every thread of the row gets the result.
// A fold is a struct with join(other); blockDim.x must be a power of two. Shared memory has a place for every thread.
template <typename F>
__device__ F joined(F mine, F* shared) {
  F* row = shared + threadIdx.y * blockDim.x;
  __syncthreads();
  row[threadIdx.x] = mine;
  for (int half = blockDim.x / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) {
      row[threadIdx.x].join(row[threadIdx.x + half]);
    }
  }
  __syncthreads();
  return row[0];
}

template <typename T>
struct Sum {
  T sum;
  __device__ void begin() { sum = 0; }
  __device__ void take(T x, int) { sum += x; }
  __device__ void join(const Sum& other) { sum += other.sum; }
  __device__ T result() const { return sum; }
};

// √Σ x², in double, where the square of no float overflows.
template <typename T>
struct Norm {
  double sum;
  __device__ void begin() { sum = 0; }
  __device__ void take(T x, int) { sum += (double)x * x; }
  __device__ void join(const Norm& other) { sum += other.sum; }
  __device__ T result() const { return (T)sqrt(sum); }
};

// The largest; not-a-number is larger than all.
template <typename T>
struct Max {
  T largest;
  __device__ void begin() { largest = -INFINITY; }
  __device__ void take(T x, int) {
    if (x > largest || x != x) {
      largest = x;
    }
  }
  __device__ void join(const Max& other) { take(other.largest, 0); }
  __device__ T result() const { return largest; }
};

// Where the largest is; of equal ones the first, and not-a-number is larger than all.
template <typename T>
struct ArgMax {
  T largest;
  int at;
  __device__ void begin() {
    largest = -INFINITY;
    at = -1;
  }
  __device__ void take(T x, int i) {
    if (at < 0 || x > largest || (x != x && largest == largest)) {
      largest = x;
      at = i;
    }
  }
  __device__ void join(const ArgMax& other) {
    if (other.at < 0) {
      return;
    }
    bool equal = other.largest == largest || (other.largest != other.largest && largest != largest);
    if (at < 0 || (equal ? other.at < at : other.largest > largest || other.largest != other.largest)) {
      largest = other.largest;
      at = other.at;
    }
  }
  __device__ int result() const { return at; }
};

// log Σ eˣ, with the largest x taken out.
template <typename T>
struct LogSumExp {
  T largest;
  T sum;
  __device__ void begin() {
    largest = -INFINITY;
    sum = 0;
  }
  // What is taken out: nothing while the largest is infinite, lest ∞ be taken from ∞.
  __device__ static T shift(T largest) { return isinf(largest) ? T(0) : largest; }
  // A sum of what is less than the largest by so much; nothing stays nothing, however far apart they are.
  __device__ static T lowered(T sum, T from, T to) { return sum == 0 ? T(0) : sum * exp(shift(from) - shift(to)); }
  __device__ void take(T x, int) {
    if (x > largest || x != x) {
      sum = lowered(sum, largest, x) + exp(x - shift(x));
      largest = x;
    } else {
      sum += exp(x - shift(largest));
    }
  }
  __device__ void join(const LogSumExp& other) {
    if (other.largest > largest || other.largest != other.largest) {
      sum = lowered(sum, largest, other.largest) + other.sum;
      largest = other.largest;
    } else {
      sum += lowered(other.sum, other.largest, largest);
    }
  }
  __device__ T result() const { return log(sum) + shift(largest); }
};
