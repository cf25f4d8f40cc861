// Half precision: storage, and conversions that round to nearest even.
#pragma once
#include <cstring>

#include "vector_types.h"

struct __half {
  unsigned short word;
};
struct alignas(4) __half2 {
  __half x, y;
};
using half = __half;
using half2 = __half2;

inline unsigned short __half_as_ushort(__half x) { return x.word; }
inline __half __ushort_as_half(unsigned short word) { return {word}; }

inline float __half2float(__half x) {
  _Float16 number;
  memcpy(&number, &x.word, sizeof number);
  return (float)number;
}

namespace emulator {
inline __half half_of(_Float16 number) {
  __half x;
  memcpy(&x.word, &number, sizeof number);
  return number == number ? x : __half{0x7fff};  // as a card writes what is not a number
}
}  // namespace emulator

inline __half __float2half_rn(float x) { return emulator::half_of((_Float16)x); }
inline __half __float2half(float x) { return __float2half_rn(x); }
inline __half __double2half(double x) { return emulator::half_of((_Float16)x); }

inline __half2 __floats2half2_rn(float x, float y) { return {__float2half_rn(x), __float2half_rn(y)}; }
inline __half __low2half(__half2 pair) { return pair.x; }
inline __half __high2half(__half2 pair) { return pair.y; }
inline float __low2float(__half2 pair) { return __half2float(pair.x); }
inline float __high2float(__half2 pair) { return __half2float(pair.y); }
inline float2 __half22float2(__half2 pair) { return {__low2float(pair), __high2float(pair)}; }
