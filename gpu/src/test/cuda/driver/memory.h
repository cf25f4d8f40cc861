// Memory of cards, and pinned memory of the host. Each allocation ends at a page that nobody may touch, is full of not-a-number when it is new, and
// is never there again when it was freed: a range of addresses is given out once.
#pragma once
#include <string>

#include "driver_types.h"

namespace emulator {
CUresult allocate(Card& card, size_t bytes, CUdeviceptr* result);
CUresult release(CUdeviceptr address);

CUresult allocatePinned(size_t bytes, void** result);
CUresult releasePinned(void* address);

// Whether all bytes are the card's, of one allocation.
bool isMemory(const Card& card, CUdeviceptr address, size_t bytes);

// Whether all bytes are pinned memory of the host.
bool isPinned(uintptr_t address, size_t bytes);

size_t freeMemory(const Card& card);

// In words, where an address is.
std::string describeAddress(uintptr_t address);
}  // namespace emulator
