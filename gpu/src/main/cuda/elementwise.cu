// Functions of single elements. Each is one line: a name and an expression over x (or a and b), in the type T of the elements.
// The result may be exactly the place of an operand. A biased function is what follows a product of matrices: it works in place.
// Kernels named x4 count in fours of neighbours, of operands and of the result.
#include "four.cuh"
#include "kernel.cuh"
#include "numbers.cuh"
#include "slope.cuh"

// The same, rounded, in another place.
#define BIASED_ROUNDED(name, to, R)                                                                         \
  KERNEL biased_##name##_f32_##to(                                                                          \
      const float* bias, const float* x, R* y, long long n, int columns, double p, double q) {              \
    FOR_EACH(i, n) store(&y[i], name##_of<float>(x[i] + bias[(unsigned)i % columns], (float)p, (float)q));  \
  }

#define UNARY(name, function)                                                                               \
  template <typename T>                                                                                     \
  __device__ T name##_of(T x, T p, T q) {                                                                   \
    return function;                                                                                        \
  }                                                                                                         \
  KERNEL name##_f32(const float* x, float* y, long long n, double p, double q) {                            \
    FOR_EACH(i, n) y[i] = name##_of<float>(x[i], (float)p, (float)q);                                       \
  }                                                                                                         \
  KERNEL name##_f64(const double* x, double* y, long long n, double p, double q) {                          \
    FOR_EACH(i, n) y[i] = name##_of<double>(x[i], p, q);                                                    \
  }                                                                                                         \
  KERNEL name##_f32x4(const Four<float>* x, Four<float>* y, long long n, double p, double q) {              \
    FOR_EACH(i, n) {                                                                                        \
      Four<float> four = x[i];                                                                              \
      FOR_EACH_OF_FOUR(k) four.at[k] = name##_of<float>(four.at[k], (float)p, (float)q);                    \
      y[i] = four;                                                                                          \
    }                                                                                                       \
  }                                                                                                         \
  KERNEL biased_##name##_f32(const float* bias, float* y, long long n, int columns, double p, double q) {   \
    FOR_EACH(i, n) y[i] = name##_of<float>(y[i] + bias[(unsigned)i % columns], (float)p, (float)q);         \
  }                                                                                                         \
  KERNEL biased_##name##_f32x4(                                                                             \
      const Four<float>* bias, Four<float>* y, long long n, int columns, double p, double q) {              \
    FOR_EACH(i, n) {                                                                                        \
      Four<float> four = y[i];                                                                              \
      Four<float> added = bias[(unsigned)i % columns];                                                      \
      FOR_EACH_OF_FOUR(k) four.at[k] = name##_of<float>(four.at[k] + added.at[k], (float)p, (float)q);      \
      y[i] = four;                                                                                          \
    }                                                                                                       \
  }                                                                                                         \
  BIASED_ROUNDED(name, f16, __half)                                                                         \
  BIASED_ROUNDED(name, bf16, __nv_bfloat16)

// Four neighbours of an operand, or one that stands for all four.
__device__ inline Four<float> four_of(const float* x, long long at, int operand, const Places& places) {
  if (places.strides[operand][places.rank - 1] == 0) {
    return {x[at], x[at], x[at], x[at]};
  }
  return ((const Four<float>*)x)[at];
}

#define BINARY(name, function)                                                                              \
  template <typename T>                                                                                     \
  __device__ T name##_of(T a, T b) {                                                                        \
    return function;                                                                                        \
  }                                                                                                         \
  template <typename T>                                                                                     \
  __device__ void name##_all(const T* a, const T* b, T* y, long long n, const Places& places) {             \
    FOR_EACH(i, n) {                                                                                        \
      long long at[2];                                                                                      \
      places.locate(i, at);                                                                                 \
      y[i] = name##_of<T>(a[at[0]], b[at[1]]);                                                              \
    }                                                                                                       \
  }                                                                                                         \
  KERNEL name##_f32(const float* a, const float* b, float* y, long long n, Places places) {                 \
    name##_all(a, b, y, n, places);                                                                         \
  }                                                                                                         \
  KERNEL name##_f64(const double* a, const double* b, double* y, long long n, Places places) {              \
    name##_all(a, b, y, n, places);                                                                         \
  }                                                                                                         \
  KERNEL name##_f32x4(const float* a, const float* b, Four<float>* y, long long n, Places places) {         \
    FOR_EACH(i, n) {                                                                                        \
      long long at[2];                                                                                      \
      places.locate(i, at);                                                                                 \
      Four<float> left = four_of(a, at[0], 0, places);                                                      \
      Four<float> right = four_of(b, at[1], 1, places);                                                     \
      FOR_EACH_OF_FOUR(k) left.at[k] = name##_of<float>(left.at[k], right.at[k]);                           \
      y[i] = left;                                                                                          \
    }                                                                                                       \
  }

// By eˣ of a number that is not positive, so that nothing overflows.
template <typename T>
__device__ T sigmoid(T x) {
  T share = exp(-fabs(x));
  return (x >= 0 ? T(1) : share) / (1 + share);
}

template <typename T>
__device__ T softplus(T x) {
  return (x > 0 || x != x ? x : T(0)) + log1p(exp(-fabs(x)));
}

template <typename T>
__device__ T normal_share(T x) {
  return T(0.5) * erfc(x * T(-0.70710678118654752440));
}

UNARY(abs, fabs(x))
UNARY(clamp, x < p ? p : x > q ? q : x)
UNARY(elu, x > 0 ? x : p * expm1(x))
UNARY(erf, erf(x))
UNARY(exp, exp(x))
UNARY(floor, floor(x))
UNARY(gelu, x * normal_share(x))
UNARY(gelu_slope, normal_share(x) + x * (T(0.39894228040143267794) * exp(T(-0.5) * x * x)))
UNARY(huber, fabs(x) <= p ? T(0.5) * x * x : p * (fabs(x) - T(0.5) * p))
UNARY(leaky_relu, x > 0 ? x : p * x)
UNARY(log, log(x))
UNARY(log1p, log1p(x))
UNARY(negate, -x)
UNARY(power, pow(x, p))
UNARY(relu, x > 0 || x != x ? x : T(0))
UNARY(round, rint(x))
UNARY(sigmoid, sigmoid(x))
UNARY(sign, x > 0 ? T(1) : x < 0 ? T(-1) : x)
UNARY(silu, x * sigmoid(x))
UNARY(softplus, softplus(x))
UNARY(sqrt, sqrt(x))
UNARY(square, x * x)
UNARY(tanh, tanh(x))

// An error this small is none: where |logit| is so large that the share cannot be told from 0.
#define LEAST_ERROR 1e-25

BINARY(add, a + b)
BINARY(divide, a / b)
BINARY(equal, a == b ? T(1) : T(0))
BINARY(greater, a > b ? T(1) : T(0))
BINARY(greater_or_equal, a >= b ? T(1) : T(0))
BINARY(maximum, a == b ? (signbit(a) ? b : a) : a > b || a != a ? a : b)
BINARY(minimum, a == b ? (signbit(a) ? a : b) : a < b || a != a ? a : b)
BINARY(multiply, a * b)
BINARY(subtract, a - b)
BINARY(sigmoid_cross_entropy, (a > 0 || a != a ? a : T(0)) - a * b + log1p(exp(-fabs(a))))

template <typename T>
__device__ T sigmoid_error(T logit, T target) {
  T share = exp(-fabs(logit));
  T rest = 1 - target;
  T error = (logit >= 0 ? rest - target * share : rest * share - target) / (1 + share);
  return fabs(error) < T(LEAST_ERROR) ? T(0) : error;
}

BINARY(sigmoid_error, sigmoid_error(a, b))

// The way of a cotangent a back through an activation with the result b.
BINARY(relu_slope_product, a * Relu::slope(b))
BINARY(sigmoid_slope_product, a * Sigmoid::slope(b))
BINARY(tanh_slope_product, a * Tanh::slope(b))

#define WHERE(name, T)                                                                                  \
  KERNEL name(const T* condition, const T* a, const T* b, T* y, long long n, Places places) {           \
    FOR_EACH(i, n) {                                                                                    \
      long long at[3];                                                                                  \
      places.locate(i, at);                                                                             \
      y[i] = condition[at[0]] != 0 ? a[at[1]] : b[at[2]];                                               \
    }                                                                                                   \
  }
WHERE(where_f32, float)
WHERE(where_f64, double)
KERNEL where_f32x4(
    const float* condition, const float* a, const float* b, Four<float>* y, long long n, Places places) {
  FOR_EACH(i, n) {
    long long at[3];
    places.locate(i, at);
    Four<float> conditions = four_of(condition, at[0], 0, places);
    Four<float> left = four_of(a, at[1], 1, places);
    Four<float> right = four_of(b, at[2], 2, places);
    FOR_EACH_OF_FOUR(k) left.at[k] = conditions.at[k] != 0 ? left.at[k] : right.at[k];
    y[i] = left;
  }
}
