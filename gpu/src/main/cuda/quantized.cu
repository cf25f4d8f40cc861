// AdamW whose moments take 8 bits per element: one block of threads for the elements that share a scale.
#include "fold.cuh"
#include "kernel.cuh"
#include "rules.cuh"

#define LOWEST 0x1p-14f

// A code of 8 bits relative to the largest of its block: a small floating-point number with a step of so many bits.
struct Code {
  int shift;
  int last;
  __device__ int offset() const { return __float_as_int(LOWEST) >> shift; }
  __device__ float magnitude(int code) const { return __int_as_float((code + offset()) << shift) - LOWEST; }
  __device__ float decode(int code) const { return code > last ? -magnitude(code - last - 1) : magnitude(code); }
  __device__ int encode(float value, int random) const {
    int bits = __float_as_int(fabsf(value) + LOWEST) + (random << (shift - 16));
    int code = (bits >> shift) - offset();
    return code < last ? code : last;
  }
};

__device__ inline Code signed_code() { return Code{20, 127}; }
__device__ inline Code unsigned_code() { return Code{19, 255}; }

// 32 random bits of an element in a step.
__device__ inline unsigned random_bits(unsigned index, unsigned step) {
  unsigned bits = index * 0x9E3779B9u + step * 0x85EBCA77u;
  bits = (bits ^ bits >> 16) * 0x85EBCA6Bu;
  bits = (bits ^ bits >> 13) * 0xC2B2AE35u;
  return bits ^ bits >> 16;
}

#define ROOT_FLUSH 1e-15f

template <typename T>
__device__ void quantized_adam(
    T* p, const T* g, unsigned char* firsts, unsigned char* roots, float* firstScales, float* rootScales,
    const double* control, const Chunk* chunks, Change* changes, int count, const Settings& of) {
  __shared__ Change sums[THREADS];
  __shared__ Max<float> largest[THREADS];
  bool skips = control[FOUND_INF] != 0;
  double rate = control[LEARNING_RATE];
  double step = control[STEP_COUNT];
  T factor = (T)control[GRADIENT_FACTOR];
  T shrink = (T)(1 - rate * of.s[3]);
  T rest1 = (T)(1 - of.s[0]);
  T beta2 = (T)of.s[1];
  T rest2 = (T)(1 - of.s[1]);
  T size = (T)(rate / (1 - pow(of.s[0], step)));
  T correction = (T)sqrt(1 - pow(of.s[1], step));
  T epsilon = (T)of.s[2];
  for (int c = blockIdx.x; c < count; c += gridDim.x) {
    Chunk chunk = chunks[c];
    bool mine = threadIdx.x < chunk.count;
    long long i = chunk.offset + threadIdx.x;
    T before = mine ? p[i] : T(0);
    T after = before;
    if (!skips) {
      T m = 0;
      T r = 0;
      if (mine) {
        T gradient = g[i] * factor;
        m = signed_code().decode(firsts[i]) * (T)firstScales[c];
        r = unsigned_code().decode(roots[i]) * (T)rootScales[c];
        m += (gradient - m) * rest1;
        r = sqrt(r * r * beta2 + rest2 * gradient * gradient);
        after = before * shrink - size * m / (r / correction + epsilon);
        p[i] = after;
      }
      float largestFirst = joined(Max<float>{(float)fabs(m)}, largest).largest;
      float largestRoot = joined(Max<float>{(float)r}, largest).largest;
      bool keepsFirst = largestFirst >= (float)FIRST_MOMENT_FLUSH;
      bool keepsRoot = largestRoot >= ROOT_FLUSH;
      float firstScale = keepsFirst ? largestFirst / signed_code().magnitude(127) : 0;
      float rootScale = keepsRoot ? largestRoot / unsigned_code().magnitude(255) : 0;
      if (mine) {
        unsigned random = random_bits((unsigned)i, (unsigned)(int)step);
        int code = keepsFirst ? signed_code().encode((float)m / firstScale, random & 0xFFFF) : 0;
        firsts[i] = (unsigned char)(m < 0 && code > 0 ? code + 128 : code);
        code = keepsRoot ? unsigned_code().encode((float)r / rootScale, random >> 16) : 0;
        roots[i] = (unsigned char)(keepsRoot && r > 0 && code < 1 ? 1 : code);
      }
      if (threadIdx.x == 0) {
        firstScales[c] = firstScale;
        rootScales[c] = rootScale;
      }
    }
    double moved = (double)after - before;
    Change all = joined(Change{moved * moved, (double)after * after}, sums);
    if (threadIdx.x == 0) {
      changes[c] = all;
    }
  }
}

KERNEL quantized_adam_f32(
    float* p, const float* g, unsigned char* firsts, unsigned char* roots, float* firstScales, float* rootScales,
    const double* control, const Chunk* chunks, Change* changes, int count, Settings settings) {
  quantized_adam(p, g, firsts, roots, firstScales, rootScales, control, chunks, changes, count, settings);
}
KERNEL quantized_adam_f64(
    double* p, const double* g, unsigned char* firsts, unsigned char* roots, float* firstScales, float* rootScales,
    const double* control, const Chunk* chunks, Change* changes, int count, Settings settings) {
  quantized_adam(p, g, firsts, roots, firstScales, rootScales, control, chunks, changes, count, settings);
}
