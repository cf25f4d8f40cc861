#include "gemm.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "../device/cuda_bf16.h"
#include "../device/cuda_fp16.h"

namespace emulator {
namespace {
// Ten bits behind the point, rounded to nearest with ties away from zero.
float toTf32(float x) {
  uint32_t word;
  memcpy(&word, &x, sizeof word);
  if ((word >> 23 & 0xff) != 0xff) {
    word = (word + 0x1000) & ~0x1fffu;
  }
  memcpy(&x, &word, sizeof word);
  return x;
}

template <typename T>
std::vector<T> columnsOf(const Matrix& matrix, long rows, long columns, bool shortened) {
  std::vector<T> values((size_t)(rows * columns));
  for (long column = 0; column < columns; column++) {
    for (long row = 0; row < rows; row++) {
      T value = (T)matrix.get(row, column);
      values[(size_t)(column * rows + row)] = shortened ? (T)toTf32((float)value) : value;
    }
  }
  return values;
}

template <typename T>
void multiply(const Gemm& gemm) {
  std::vector<T> a = columnsOf<T>(gemm.a, gemm.rows, gemm.inner, gemm.shortFactors);
  std::vector<T> b = columnsOf<T>(gemm.b, gemm.inner, gemm.columns, gemm.shortFactors);
  std::vector<T> sums((size_t)gemm.rows);
  for (long column = 0; column < gemm.columns; column++) {
    std::fill(sums.begin(), sums.end(), T(0));
    for (long k = 0; k < gemm.inner; k++) {
      const T factor = b[(size_t)(column * gemm.inner + k)];
      const T* from = &a[(size_t)(k * gemm.rows)];
      for (long row = 0; row < gemm.rows; row++) {
        sums[(size_t)row] += from[row] * factor;
      }
    }
    for (long row = 0; row < gemm.rows; row++) {
      T old = gemm.beta == 0 ? T(0) : (T)gemm.beta * (T)gemm.c.get(row, column);
      gemm.c.set(row, column, (T)gemm.alpha * sums[(size_t)row] + old);
    }
  }
}
}  // namespace

size_t bytesOf(Number number) {
  switch (number) {
    case Number::F64:
      return 8;
    case Number::F32:
      return 4;
    case Number::F16:
    case Number::BF16:
      return 2;
  }
  return 0;
}

double Matrix::get(long row, long column) const {
  long at = transposed ? row * leading + column : column * leading + row;
  switch (number) {
    case Number::F64:
      return ((const double*)place)[at];
    case Number::F32:
      return ((const float*)place)[at];
    case Number::F16:
      return __half2float(((const __half*)place)[at]);
    case Number::BF16:
      return __bfloat162float(((const __nv_bfloat16*)place)[at]);
  }
  return 0;
}

void Matrix::set(long row, long column, double value) const {
  long at = column * leading + row;
  switch (number) {
    case Number::F64:
      ((double*)place)[at] = value;
      break;
    case Number::F32:
      ((float*)place)[at] = (float)value;
      break;
    case Number::F16:
      ((__half*)place)[at] = __float2half_rn((float)value);
      break;
    case Number::BF16:
      ((__nv_bfloat16*)place)[at] = __float2bfloat16_rn((float)value);
      break;
  }
}

size_t Matrix::bytes(long rows, long columns) const {
  long across = transposed ? rows : columns;
  long along = transposed ? columns : rows;
  return rows == 0 || columns == 0 ? 0 : (size_t)((across - 1) * leading + along) * bytesOf(number);
}

void Gemm::run() const { wide ? multiply<double>(*this) : multiply<float>(*this); }
}  // namespace emulator
