// Adafactor: of a matrix's second moment only the means of its rows and columns are kept. One block of threads for a parameter.
#include "fold.cuh"
#include "kernel.cuh"
#include "rules.cuh"

// A parameter: where it lies in its block and its second moments in theirs; one row, or rows of one element, are a vector.
struct Matrix {
  long long offset;
  long long moments;
  int rows;
  int columns;
  __device__ bool factored() const { return rows > 1 && columns > 1; }
  __device__ long long size() const { return (long long)rows * columns; }
};

template <typename T>
struct Adafactor {
  T* p;
  const T* g;
  float* moments;
  Matrix matrix;
  T factor;
  double weight, epsilon1;
  Sum<double>* shared;

  __device__ T gradient(long long i) const { return g[matrix.offset + i] * factor; }
  __device__ double square(long long i) const {
    double x = gradient(i);
    return x * x;
  }
  __device__ void learn(long long at, double square) {
    float* moment = &moments[matrix.moments + at];
    *moment = (float)second_moment<double>(*moment + (square - *moment) * weight);
  }
  __device__ void learn() {
    if (!matrix.factored()) {
      for (long long i = threadIdx.x; i < matrix.size(); i += blockDim.x) {
        learn(i, square(i));
      }
    } else {
      for (int row = threadIdx.x; row < matrix.rows; row += blockDim.x) {
        double sum = 0;
        for (int column = 0; column < matrix.columns; column++) {
          sum += square((long long)row * matrix.columns + column);
        }
        learn(row, sum / matrix.columns);
      }
      for (int column = threadIdx.x; column < matrix.columns; column += blockDim.x) {
        double sum = 0;
        for (int row = 0; row < matrix.rows; row++) {
          sum += square((long long)row * matrix.columns + column);
        }
        learn(matrix.rows + column, sum / matrix.rows);
      }
    }
    __syncthreads();
  }
  // What the product of a row and a column is multiplied by to be a second moment.
  __device__ double scale() {
    if (!matrix.factored()) {
      return 1;
    }
    Sum<double> fold = {0};
    for (int row = threadIdx.x; row < matrix.rows; row += blockDim.x) {
      fold.sum += moments[matrix.moments + row];
    }
    double mean = joined(fold, shared).sum / matrix.rows;
    return 1 / (mean > epsilon1 ? mean : epsilon1);
  }
  __device__ double direction(long long i, double scale) const {
    double v = matrix.factored() ? moments[matrix.moments + i / matrix.columns] * scale *
                                       moments[matrix.moments + matrix.rows + i % matrix.columns]
                                 : moments[matrix.moments + i];
    double least = epsilon1 * epsilon1;
    return gradient(i) / sqrt(v > least ? v : least);
  }
};

template <typename T>
__device__ void adafactor(
    T* p, const T* g, float* moments, const double* control, const Matrix* matrices, double* statistics, int count,
    const Settings& of) {
  __shared__ Sum<double> shared[THREADS];
  bool skips = control[FOUND_INF] != 0;
  double rate = control[LEARNING_RATE];
  double step = control[STEP_COUNT];
  double relative = 1 / sqrt(step);
  relative = rate < relative ? rate : relative;
  for (int m = blockIdx.x; m < count; m += gridDim.x) {
    Matrix matrix = matrices[m];
    Adafactor<T> rule = {p, g, moments, matrix, (T)control[GRADIENT_FACTOR], pow(step, of.s[0]), of.s[1], shared};
    Sum<double> update = {0};
    double size = (double)matrix.size();
    if (!skips) {
      rule.learn();
      double scale = rule.scale();
      Sum<double> directions = {0};
      Sum<double> weights = {0};
      for (long long i = threadIdx.x; i < matrix.size(); i += blockDim.x) {
        double u = rule.direction(i, scale);
        directions.sum += u * u;
        weights.sum += (double)p[matrix.offset + i] * p[matrix.offset + i];
      }
      double excess = sqrt(joined(directions, shared).sum / size) / of.s[3];
      excess = excess < 1 ? 1 : excess;
      double length = sqrt(joined(weights, shared).sum / size);
      double by = (length > of.s[2] ? length : of.s[2]) * relative / excess;
      for (long long i = threadIdx.x; i < matrix.size(); i += blockDim.x) {
        T before = p[matrix.offset + i];
        T after = (T)(before * (1 - rate * of.s[4]) - by * rule.direction(i, scale));
        p[matrix.offset + i] = after;
        double moved = (double)after - before;
        update.sum += moved * moved;
      }
    }
    __syncthreads();
    Sum<double> weight = {0};
    for (long long i = threadIdx.x; i < matrix.size(); i += blockDim.x) {
      weight.sum += (double)p[matrix.offset + i] * p[matrix.offset + i];
    }
    double squaredUpdate = joined(update, shared).sum;
    double squaredWeight = joined(weight, shared).sum;
    if (threadIdx.x == 0) {
      statistics[m * STATISTICS_COLUMNS + SQUARED_UPDATE] = squaredUpdate;
      statistics[m * STATISTICS_COLUMNS + SQUARED_WEIGHT] = squaredWeight;
    }
  }
}

KERNEL adafactor_f32(
    float* p, const float* g, float* moments, const double* control, const Matrix* matrices, double* statistics, int count,
    Settings settings) {
  adafactor(p, g, moments, control, matrices, statistics, count, settings);
}
KERNEL adafactor_f64(
    double* p, const double* g, float* moments, const double* control, const Matrix* matrices, double* statistics,
    int count, Settings settings) {
  adafactor(p, g, moments, control, matrices, statistics, count, settings);
}
