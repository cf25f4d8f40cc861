// Places for the gradients of some rows of a table and the index that finds them: how many are in use, the row of each, and a hash
// table of slots with linear probing. The same layout, bit for bit, as on every other device.
#pragma once

struct Slots {
  int capacity;
  int buckets;
  int shift;

  __device__ unsigned home(int row) const { return ((unsigned)row * 0x9E3779B9u) >> shift; }
  __device__ int* table(int* index) const { return index + 1 + capacity; }
  __device__ const int* table(const int* index) const { return index + 1 + capacity; }

  // The slot of a row, or -1.
  __device__ int find(const int* index, int row) const {
    unsigned bucket = home(row);
    int entry;
    while ((entry = table(index)[bucket]) != 0 && index[entry] != row) {
      bucket = (bucket + 1) & (buckets - 1);
    }
    return entry - 1;
  }

  // Enters a slot whose row is known. Many threads may enter slots at once: an earlier slot takes the bucket of a later one, which goes
  // on looking, and so every slot ends where it would be had they come one after the other.
  __device__ void enter(int* index, int slot) const {
    int entry = slot + 1;
    unsigned bucket = home(index[entry]);
    while (true) {
      int there = atomicCAS(&table(index)[bucket], 0, entry);
      if (there == 0) {
        return;
      }
      if (there > entry) {
        if (atomicCAS(&table(index)[bucket], there, entry) != there) {
          continue;
        }
        entry = there;
      }
      bucket = (bucket + 1) & (buckets - 1);
    }
  }
};
