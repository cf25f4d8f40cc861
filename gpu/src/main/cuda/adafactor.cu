// Adafactor: of a matrix's second moment only the means of its rows and columns are kept. Five kernels make a step of all parameters;
// blockIdx.y is the parameter, whose elements its blocks share. What they sum they leave for the next kernel, which joins it in order.
#include "fold.cuh"
#include "kernel.cuh"
#include "rules.cuh"

// A parameter: where it lies in its block and its second moments in theirs; one row, or rows of one element, are a vector. A matrix is
// cut into bands of rows, which sum their columns; so many lanes, a power of two, share a row.
struct Matrix {
  long long offset;
  long long moments;
  long long sums;
  int rows;
  int columns;
  int rowsOfBand;
  int lanes;
  __device__ bool factored() const { return rows > 1 && columns > 1; }
  __device__ long long size() const { return (long long)rows * columns; }
  __device__ int bands() const { return (rows + rowsOfBand - 1) / rowsOfBand; }
};

struct Moments {
  float* moments;
  double weight;
  __device__ Moments(float* all, const Matrix& matrix, const double* control, const Settings& of)
      : moments(all + matrix.moments), weight(pow(control[STEP_COUNT], of.s[0])) {}
  __device__ void learn(long long at, double square) const {
    moments[at] = (float)second_moment<double>(moments[at] + (square - moments[at]) * weight);
  }
};

template <typename T>
struct Gradients {
  const T* g;
  T factor;
  __device__ Gradients(const T* all, const Matrix& matrix, const double* control)
      : g(all + matrix.offset), factor((T)control[GRADIENT_FACTOR]) {}
  __device__ T operator[](long long i) const { return g[i] * factor; }
  __device__ double square(long long i) const {
    double x = (*this)[i];
    return x * x;
  }
};

// Sums numbers of neighbouring lanes by halves; all of them get the result.
__device__ inline double summed(double mine, int lanes, double* shared) {
  int lane = threadIdx.x % lanes;
  __syncthreads();
  shared[threadIdx.x] = mine;
  for (int half = lanes / 2; half > 0; half /= 2) {
    __syncthreads();
    if (lane < half) {
      shared[threadIdx.x] += shared[threadIdx.x + half];
    }
  }
  __syncthreads();
  return shared[threadIdx.x - lane];
}

// The moments of vectors and of rows, and the sums of the columns of each band. A block is a rectangle of rows and lanes.
template <typename T>
__device__ void adafactor_rows(
    const T* g, float* moments, const double* control, const Matrix* matrices, double* sums, const Settings& of) {
  __shared__ double shared[THREADS];
  Matrix matrix = matrices[blockIdx.y];
  Moments known(moments, matrix, control, of);
  Gradients<T> gradients(g, matrix, control);
  if (control[FOUND_INF] != 0) {
    return;
  }
  if (!matrix.factored()) {
    FOR_EACH(i, matrix.size()) known.learn(i, gradients.square(i));
    return;
  }
  int lane = threadIdx.x % matrix.lanes;
  int side = threadIdx.x / matrix.lanes;
  int sides = blockDim.x / matrix.lanes;
  for (int band = blockIdx.x; band < matrix.bands(); band += gridDim.x) {
    int from = band * matrix.rowsOfBand;
    int to = min(from + matrix.rowsOfBand, matrix.rows);
    for (int first = from; first < to; first += sides) {
      int row = first + side;
      double sum = 0;
      for (int column = lane; column < (row < to ? matrix.columns : 0); column += matrix.lanes) {
        sum += gradients.square((long long)row * matrix.columns + column);
      }
      sum = summed(sum, matrix.lanes, shared);
      if (row < to && lane == 0) {
        known.learn(row, sum / matrix.columns);
      }
    }
    for (int first = 0; first < matrix.columns; first += matrix.lanes) {
      int column = first + lane;
      double sum = 0;
      for (int row = from + side; row < (column < matrix.columns ? to : 0); row += sides) {
        sum += gradients.square((long long)row * matrix.columns + column);
      }
      __syncthreads();
      shared[threadIdx.x] = sum;
      __syncthreads();
      if (side == 0 && column < matrix.columns) {
        for (int s = 1; s < sides; s++) {
          sum += shared[s * matrix.lanes + lane];
        }
        sums[matrix.sums + (long long)band * matrix.columns + column] = sum;
      }
    }
  }
}

// The moments of columns, and what the product of a row's and a column's is multiplied by to be a second moment.
KERNEL adafactor_columns(
    float* moments, const double* control, const Matrix* matrices, const double* sums, double* scales, Settings of) {
  __shared__ Sum<double> shared[THREADS];
  Matrix matrix = matrices[blockIdx.y];
  Moments known(moments, matrix, control, of);
  if (control[FOUND_INF] != 0 || !matrix.factored()) {
    return;
  }
  FOR_EACH(column, matrix.columns) {
    double sum = 0;
    for (int band = 0; band < matrix.bands(); band++) {
      sum += sums[matrix.sums + (long long)band * matrix.columns + column];
    }
    known.learn(matrix.rows + column, sum / matrix.rows);
  }
  if (blockIdx.x == 0) {
    Sum<double> fold = {0};
    for (int row = threadIdx.x; row < matrix.rows; row += blockDim.x) {
      fold.sum += known.moments[row];
    }
    double mean = joined(fold, shared).sum / matrix.rows;
    if (threadIdx.x == 0) {
      scales[blockIdx.y] = 1 / (mean > of.s[1] ? mean : of.s[1]);
    }
  }
}

// Where elements go: gradients by the roots of their second moments.
template <typename T>
struct Directions {
  Gradients<T> gradients;
  const float* moments;
  Matrix matrix;
  double scale, least;
  __device__ Directions(
      const T* g, const float* all, const double* control, const Matrix& matrix, const double* scales, const Settings& of)
      : gradients(g, matrix, control), moments(all + matrix.moments), matrix(matrix),
        scale(matrix.factored() ? scales[blockIdx.y] : 1), least(of.s[1] * of.s[1]) {}
  __device__ double operator[](long long i) const {
    double v = matrix.factored() ? moments[i / matrix.columns] * scale * moments[matrix.rows + i % matrix.columns]
                                 : moments[i];
    return gradients[i] / sqrt(v > least ? v : least);
  }
};

// Σ u² and Σ p² together.
struct Lengths {
  double direction;
  double weight;
  __device__ void join(const Lengths& other) {
    direction += other.direction;
    weight += other.weight;
  }
};

template <typename T>
__device__ void adafactor_lengths(
    const T* p, const T* g, const float* moments, const double* control, const Matrix* matrices, const double* scales,
    Lengths* lengths, const Settings& of) {
  __shared__ Lengths shared[THREADS];
  Matrix matrix = matrices[blockIdx.y];
  Directions<T> directions(g, moments, control, matrix, scales, of);
  Lengths mine = {0, 0};
  if (control[FOUND_INF] == 0) {
    FOR_EACH(i, matrix.size()) {
      double u = directions[i];
      double weight = p[matrix.offset + i];
      mine.join({u * u, weight * weight});
    }
  }
  Lengths all = joined(mine, shared);
  if (threadIdx.x == 0) {
    lengths[blockIdx.y * gridDim.x + blockIdx.x] = all;
  }
}

// What the blocks of a parameter have found.
template <typename F>
__device__ F joined_blocks(F fold, const F* found, int blocks) {
  __shared__ F shared[THREADS];
  for (int b = threadIdx.x; b < blocks; b += blockDim.x) {
    fold.join(found[blockIdx.y * blocks + b]);
  }
  return joined(fold, shared);
}

template <typename T>
__device__ void adafactor_update(
    T* p, const T* g, const float* moments, const double* control, const Matrix* matrices, const double* scales,
    const Lengths* lengths, Change* changes, const Settings& of) {
  __shared__ Change shared[THREADS];
  Matrix matrix = matrices[blockIdx.y];
  Directions<T> directions(g, moments, control, matrix, scales, of);
  Lengths length = joined_blocks(Lengths{0, 0}, lengths, gridDim.x);
  double rate = control[LEARNING_RATE];
  double relative = 1 / sqrt(control[STEP_COUNT]);
  relative = rate < relative ? rate : relative;
  double excess = sqrt(length.direction / matrix.size()) / of.s[3];
  double weight = sqrt(length.weight / matrix.size());
  double by = (weight > of.s[2] ? weight : of.s[2]) * relative / (excess < 1 ? 1 : excess);
  bool skips = control[FOUND_INF] != 0;
  Change change = {0, 0};
  FOR_EACH(i, matrix.size()) {
    T before = p[matrix.offset + i];
    T after = before;
    if (!skips) {
      after = (T)(before * (1 - rate * of.s[4]) - by * directions[i]);
      p[matrix.offset + i] = after;
    }
    double moved = (double)after - before;
    change.join({moved * moved, (double)after * after});
  }
  Change all = joined(change, shared);
  if (threadIdx.x == 0) {
    changes[blockIdx.y * gridDim.x + blockIdx.x] = all;
  }
}

// One block for a parameter, of which each had so many.
KERNEL adafactor_statistics(const Change* changes, double* statistics, int blocks) {
  Change all = joined_blocks(Change{0, 0}, changes, blocks);
  if (threadIdx.x == 0) {
    statistics[blockIdx.y * STATISTICS_COLUMNS + SQUARED_UPDATE] = all.update;
    statistics[blockIdx.y * STATISTICS_COLUMNS + SQUARED_WEIGHT] = all.weight;
  }
}

#define ADAFACTOR(type, T)                                                                                              \
  KERNEL adafactor_rows_##type(                                                                                         \
      const T* g, float* moments, const double* control, const Matrix* matrices, double* sums, Settings of) {           \
    adafactor_rows(g, moments, control, matrices, sums, of);                                                            \
  }                                                                                                                     \
  KERNEL adafactor_lengths_##type(                                                                                      \
      const T* p, const T* g, const float* moments, const double* control, const Matrix* matrices, const double* scales, \
      Lengths* lengths, Settings of) {                                                                                  \
    adafactor_lengths(p, g, moments, control, matrices, scales, lengths, of);                                           \
  }                                                                                                                     \
  KERNEL adafactor_update_##type(                                                                                       \
      T* p, const T* g, const float* moments, const double* control, const Matrix* matrices, const double* scales,      \
      const Lengths* lengths, Change* changes, Settings of) {                                                           \
    adafactor_update(p, g, moments, control, matrices, scales, lengths, changes, of);                                   \
  }
ADAFACTOR(f32, float)
ADAFACTOR(f64, double)
