// What a kernel sees instead of CUDA's language: included before every .cu, which then is plain C++. The threads of a block take turns on one
// thread of the processor, so shared memory is static memory and the built-in variables are globals.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#define __global__
#define __device__
#define __host__
#define __constant__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __grid_constant__
#define __align__(bytes) __attribute__((aligned(bytes)))
// One section holds all shared memory, so that it can be spoiled before a block begins. `used`: others write it while a thread waits.
#define __shared__ static __attribute__((used, section("cuda_shared")))

#include "vector_types.h"
#include "built_in.h"
#include "cuda_fp16.h"
#include "cuda_bf16.h"
#include "math_functions.h"
#include "warp_functions.h"
#include "atomic_functions.h"
#include "registration.h"
