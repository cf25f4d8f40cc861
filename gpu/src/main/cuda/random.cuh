// Random numbers that follow from a seed, a stream, a count and a place alone: Philox 4x32 with ten rounds, the same words as on
// every other device.
#pragma once

#define DRAW_GROUP 64
#define DRAW_BLOCKS 16

// Word `place` of a group: word j of block l of a group stands at 16·j + l.
__device__ inline unsigned word(long long seed, int stream, long long count, unsigned group, unsigned place) {
  unsigned c0 = group * DRAW_BLOCKS + place % DRAW_BLOCKS;
  unsigned c1 = (unsigned)count;
  unsigned c2 = (unsigned)(count >> 32);
  unsigned c3 = (unsigned)stream;
  unsigned key0 = (unsigned)seed;
  unsigned key1 = (unsigned)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    unsigned long long product0 = 0xD2511F53ull * c0;
    unsigned long long product1 = 0xCD9E8D57ull * c2;
    c0 = (unsigned)(product1 >> 32) ^ c1 ^ key0;
    c2 = (unsigned)(product0 >> 32) ^ c3 ^ key1;
    c1 = (unsigned)product1;
    c3 = (unsigned)product0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  switch (place / DRAW_BLOCKS) {
    case 0: return c0;
    case 1: return c1;
    case 2: return c2;
    default: return c3;
  }
}

// The count that a counter stands for: the nearest integer.
__device__ inline long long draw_count(const double* counter) { return (long long)floor(*counter + 0.5); }

// A value in [0, 1): a multiple of 2⁻²⁴.
__device__ inline float uniform_of(unsigned bits) { return (bits >> 8) * 0x1p-24f; }

// A value of the standard normal distribution from twice 32 random bits, by the Box–Muller transform.
__device__ inline float normal_of(unsigned first, unsigned second) {
  double radius = sqrt(-2 * log(((first >> 8) + 1) * 0x1p-24));
  double angle = 2 * 3.14159265358979323846 * (second >> 8) * 0x1p-24;
  return (float)(radius * cos(angle));
}

// The i-th normal number of a stream: it takes neighbours of a block, so that a group makes half as many as it has words.
__device__ inline float normal(long long seed, int stream, long long count, unsigned first_group, long long i) {
  unsigned within = (unsigned)(i % (DRAW_GROUP / 2));
  unsigned group = first_group + (unsigned)(i / (DRAW_GROUP / 2));
  unsigned place = within + within / DRAW_BLOCKS * DRAW_BLOCKS;
  return normal_of(word(seed, stream, count, group, place), word(seed, stream, count, group, place + DRAW_BLOCKS));
}
