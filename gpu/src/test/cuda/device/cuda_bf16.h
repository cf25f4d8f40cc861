// bfloat16, the upper half of a float: storage, and conversions that round to nearest even.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

#include "vector_types.h"

struct __nv_bfloat16 {
  unsigned short word;
};
struct alignas(4) __nv_bfloat162 {
  __nv_bfloat16 x, y;
};

inline unsigned short __bfloat16_as_ushort(__nv_bfloat16 x) { return x.word; }
inline __nv_bfloat16 __ushort_as_bfloat16(unsigned short word) { return {word}; }

inline float __bfloat162float(__nv_bfloat16 x) {
  uint32_t word = (uint32_t)x.word << 16;
  float number;
  memcpy(&number, &word, sizeof number);
  return number;
}

inline __nv_bfloat16 __float2bfloat16_rn(float x) {
  if (x != x) {
    return {0x7fff};  // as a card writes what is not a number
  }
  uint32_t word;
  memcpy(&word, &x, sizeof word);
  return {(unsigned short)((word + 0x7fff + (word >> 16 & 1)) >> 16)};
}

inline __nv_bfloat16 __float2bfloat16(float x) { return __float2bfloat16_rn(x); }

// Through a float that is rounded to odd, lest it be rounded twice.
inline __nv_bfloat16 __double2bfloat16(double x) {
  float rounded = (float)x;
  if ((double)rounded != x && rounded == rounded && std::isfinite(rounded)) {
    uint32_t word;
    memcpy(&word, &rounded, sizeof word);
    bool away = (rounded > x) == (x > 0);
    word = (away ? word - 1 : word) | 1;
    memcpy(&rounded, &word, sizeof word);
  }
  return __float2bfloat16_rn(rounded);
}

inline __nv_bfloat162 __floats2bfloat162_rn(float x, float y) {
  return {__float2bfloat16_rn(x), __float2bfloat16_rn(y)};
}
inline float __low2float(__nv_bfloat162 pair) { return __bfloat162float(pair.x); }
inline float __high2float(__nv_bfloat162 pair) { return __bfloat162float(pair.y); }
inline float2 __bfloat1622float2(__nv_bfloat162 pair) { return {__low2float(pair), __high2float(pair)}; }
