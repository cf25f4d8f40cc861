// Kernels that try what the emulator promises; only its own tests run them.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#define ALL_LANES 0xffffffffu

// The sum of all elements, one partial sum per block: shuffles within warps, shared memory between them.
extern "C" __global__ void __launch_bounds__(256) sample_sum(const float* x, float* sums, int n) {
  __shared__ float partial[8];
  float sum = 0;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
    sum += x[i];
  }
  for (int by = 16; by > 0; by /= 2) {
    sum += __shfl_down_sync(ALL_LANES, sum, by);
  }
  if (threadIdx.x % 32 == 0) {
    partial[threadIdx.x / 32] = sum;
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    float total = 0;
    for (int warp = 0; warp < blockDim.x / 32; warp++) {
      total += partial[warp];
    }
    sums[blockIdx.x] = total;
  }
}

extern "C" __global__ void sample_halves(const __half* x, __half* y, float factor, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    y[i] = __float2half_rn(__half2float(x[i]) * factor);
  }
}

extern "C" __global__ void sample_brains(const float* x, __nv_bfloat16* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    y[i] = __float2bfloat16_rn(x[i]);
  }
}

// y = factor · x + y
extern "C" __global__ void sample_axpy(const float* x, float* y, float factor, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    y[i] = fmaf(factor, x[i], y[i]);
  }
}

struct Offsets {
  long long from[3];
  int stride;
};

extern "C" __global__ void sample_gather(const float* x, float* y, Offsets offsets) {
  y[threadIdx.x] = x[offsets.from[threadIdx.x % 3] + offsets.stride * (threadIdx.x / 3)];
}

// Wrong: writes one element too far.
extern "C" __global__ void sample_overrun(float* x, int n) { x[threadIdx.x + n] = 1; }

// Wrong: half of the threads never come to the barrier, and are not gone either.
extern "C" __global__ void sample_divergent(float* x) {
  if (threadIdx.x < 16) {
    __syncthreads();
  } else {
    x[threadIdx.x] = __shfl_sync(ALL_LANES, x[threadIdx.x], 0);
  }
}

// Wrong: a barrier in either branch.
extern "C" __global__ void sample_two_barriers(float* x) {
  if (threadIdx.x < 16) {
    __syncthreads();
    x[threadIdx.x] = 1;
  } else {
    __syncthreads();
    x[threadIdx.x] = 2;
  }
}

// Wrong: reads a place of shared memory that nobody wrote in this block.
extern "C" __global__ void sample_unwritten(float* x) {
  __shared__ float shared[32];
  if (blockIdx.x == 0) {
    shared[threadIdx.x] = 1;
  }
  __syncthreads();
  x[blockIdx.x * 32 + threadIdx.x] = shared[threadIdx.x];
}

// Wrong: the result depends on which thread is last.
extern "C" __global__ void sample_race(int* x) { *x = threadIdx.x; }

// How many threads there are, counted by themselves.
extern "C" __global__ void sample_count(int* x) { atomicAdd(x, 1); }
