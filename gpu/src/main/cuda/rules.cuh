// The optimizers' rules for one element. A rule takes its settings and the scalars of the step, in double, rounds them to the type
// of the elements once, and then knows the new value of a parameter p under its gradient g; moments m are replaced by new ones.
#pragma once
#include "control.cuh"

#define FIRST_MOMENT_FLUSH 1e-25
#define SECOND_MOMENT_FLUSH 1e-30

// What a rule was made with, in the order of the engine's record.
struct Settings {
  double s[6];
};

// The moment, or 0 where it is too small to be kept: decaying moments must not linger among denormal numbers.
template <typename T>
__device__ T first_moment(T m) {
  return fabs(m) < T(FIRST_MOMENT_FLUSH) ? T(0) : m;
}
template <typename T>
__device__ T second_moment(T v) {
  return fabs(v) < T(SECOND_MOMENT_FLUSH) ? T(0) : v;
}

template <typename T>
struct Sgd {
  T momentum, rest, decay, rate;
  bool nesterov, first;
  __device__ Sgd(const Settings& of, const double* control)
      : momentum((T)of.s[0]), rest((T)(1 - of.s[1])), decay((T)of.s[3]), rate((T)control[LEARNING_RATE]),
        nesterov(of.s[2] != 0), first(control[STEP_COUNT] == 1) {}
  __device__ T update(T p, T gradient, T* m) const {
    T g = gradient + decay * p;
    if (momentum != 0) {
      m[0] = first_moment(first ? g : momentum * m[0] + rest * g);
      g = nesterov ? g + momentum * m[0] : m[0];
    }
    return p - rate * g;
  }
};

template <typename T>
struct Adam {
  T shrink, decay, rest1, beta2, rest2, size, correction, epsilon;
  __device__ Adam(const Settings& of, const double* control) {
    double rate = control[LEARNING_RATE];
    double step = control[STEP_COUNT];
    bool decoupled = of.s[4] != 0;
    shrink = (T)(decoupled ? 1 - rate * of.s[3] : 1);
    decay = (T)(decoupled ? 0 : of.s[3]);
    rest1 = (T)(1 - of.s[0]);
    beta2 = (T)of.s[1];
    rest2 = (T)(1 - of.s[1]);
    size = (T)(rate / (1 - pow(of.s[0], step)));
    correction = (T)sqrt(1 - pow(of.s[1], step));
    epsilon = (T)of.s[2];
  }
  __device__ T update(T p, T gradient, T* m) const {
    T g = gradient + decay * p;
    m[0] = first_moment(m[0] + (g - m[0]) * rest1);
    m[1] = second_moment(m[1] * beta2 + rest2 * g * g);
    return p * shrink - size * m[0] / (sqrt(m[1]) / correction + epsilon);
  }
};

template <typename T>
struct Adagrad {
  T decay, initial, epsilon, rate;
  __device__ Adagrad(const Settings& of, const double* control)
      : decay((T)of.s[1]), initial((T)of.s[2]), epsilon((T)of.s[3]),
        rate((T)(control[LEARNING_RATE] / (1 + (control[STEP_COUNT] - 1) * of.s[0]))) {}
  __device__ T update(T p, T gradient, T* m) const {
    T g = gradient + decay * p;
    m[0] = second_moment(m[0] + g * g);
    return p - rate * g / (sqrt(m[0] + initial) + epsilon);
  }
};

template <typename T>
struct Rmsprop {
  T alpha, rest, epsilon, decay, momentum, rate;
  bool centered;
  __device__ Rmsprop(const Settings& of, const double* control)
      : alpha((T)of.s[0]), rest((T)(1 - of.s[0])), epsilon((T)of.s[1]), decay((T)of.s[2]), momentum((T)of.s[3]),
        rate((T)control[LEARNING_RATE]), centered(of.s[4] != 0) {}
  __device__ T update(T p, T gradient, T* m) const {
    T g = gradient + decay * p;
    T v = second_moment(m[0] * alpha + rest * g * g);
    m[0] = v;
    if (centered) {
      m[1] = first_moment(m[1] * alpha + rest * g);
      v -= m[1] * m[1];
      v = v < 0 ? T(0) : v;
    }
    T direction = g / (sqrt(v) + epsilon);
    if (momentum != 0) {
      T& last = centered ? m[2] : m[1];
      last = first_moment(momentum * last + direction);
      direction = last;
    }
    return p - rate * direction;
  }
};

template <typename T>
struct Lion {
  T beta1, rest1, beta2, rest2, shrink, rate;
  __device__ Lion(const Settings& of, const double* control)
      : beta1((T)of.s[0]), rest1((T)(1 - of.s[0])), beta2((T)of.s[1]), rest2((T)(1 - of.s[1])),
        shrink((T)(1 - control[LEARNING_RATE] * of.s[2])), rate((T)control[LEARNING_RATE]) {}
  __device__ T update(T p, T g, T* m) const {
    T c = beta1 * m[0] + rest1 * g;
    T direction = c > 0 ? T(1) : c < 0 ? T(-1) : c;
    m[0] = first_moment(beta2 * m[0] + rest2 * g);
    return p * shrink - rate * direction;
  }
};

template <typename T>
struct Ftrl {
  T beta, rate, l1, l2;
  __device__ Ftrl(const Settings& of, const double* control)
      : beta((T)of.s[0]), rate((T)control[LEARNING_RATE]), l1((T)(control[LEARNING_RATE] * of.s[1])),
        l2((T)(control[LEARNING_RATE] * of.s[2])) {}
  __device__ T update(T p, T g, T* m) const {
    T before = m[1];
    T n = second_moment(before + g * g);
    T z = before == 0 ? -beta * p : m[0];
    z += rate * g - (sqrt(n) - sqrt(before)) * p;
    m[0] = n == 0 ? T(0) : z;
    m[1] = n;
    if (n == 0) {
      return p;
    }
    T excess = fabs(z) - l1;
    return excess <= 0 ? T(0) : -(z < 0 ? -excess : excess) / (beta + sqrt(n) + l2);
  }
};

// Every rule with its name and how many moments it may have.
#define FOR_EACH_RULE(DEFINE) \
  DEFINE(sgd, Sgd)            \
  DEFINE(adam, Adam)          \
  DEFINE(adagrad, Adagrad)    \
  DEFINE(rmsprop, Rmsprop)    \
  DEFINE(lion, Lion)          \
  DEFINE(ftrl, Ftrl)

#define MOMENTS 3

// The moments of a rule: blocks laid out like the parameters; those it does not have are null.
template <typename T>
struct MomentBlocks {
  T* block[MOMENTS];
  __device__ void read(long long i, T* m) const {
    for (int k = 0; k < MOMENTS; k++) {
      m[k] = block[k] ? block[k][i] : T(0);
    }
  }
  __device__ void write(long long i, const T* m) const {
    for (int k = 0; k < MOMENTS; k++) {
      if (block[k]) {
        block[k][i] = m[k];
      }
    }
  }
};

// Σ Δp² and Σ p² together.
struct Change {
  double update;
  double weight;
  __device__ void join(const Change& other) {
    update += other.update;
    weight += other.weight;
  }
};
