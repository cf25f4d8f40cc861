// Products of matrices stored by columns: C = α·op(A)·op(B) + β·C.
#pragma once
#include <cstddef>
#include <cstdint>

namespace emulator {
enum class Number { F32 = 0, F64 = 1, F16 = 2, BF16 = 14 };

size_t bytesOf(Number number);

// One matrix as it lies in memory: a place, what it is made of, the distance of its columns, and whether it is meant transposed.
struct Matrix {
  uintptr_t place;
  Number number;
  long leading;
  bool transposed;

  double get(long row, long column) const;
  void set(long row, long column, double value) const;

  // How many bytes a matrix of these extents reaches over.
  size_t bytes(long rows, long columns) const;
};

struct Gemm {
  long rows, columns, inner;
  double alpha, beta;
  bool wide;         // sums in double, else in float
  bool shortFactors;  // factors lose the digits that TF32 has not
  Matrix a, b, c;

  void run() const;
};
}  // namespace emulator
