// Elements of any type as numbers to calculate with, and floats as elements of 16 bits.
#pragma once
#include <cuda_bf16.h>
#include <cuda_fp16.h>

__device__ inline double number(double x) { return x; }
__device__ inline float number(float x) { return x; }
__device__ inline float number(__half x) { return __half2float(x); }
__device__ inline float number(__nv_bfloat16 x) { return __bfloat162float(x); }
__device__ inline double number(int x) { return x; }
__device__ inline float number(unsigned char x) { return x; }

__device__ inline void store(__half* y, float x) { *y = __float2half_rn(x); }
__device__ inline void store(__nv_bfloat16* y, float x) { *y = __float2bfloat16_rn(x); }
