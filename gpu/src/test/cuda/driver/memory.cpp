#include "memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "card.h"
#include "counters.h"
#include "errors.h"
#include "settings.h"

namespace emulator {
namespace {
constexpr size_t PAGE = 4096;
constexpr size_t ALIGNMENT = 256;
constexpr size_t ADDRESSES = 1L << 40;
constexpr unsigned char SPOILED = 0xff;

constexpr size_t roundUp(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

struct Allocation {
  size_t bytes;
  uintptr_t firstPage;
  const Card* card;  // nullptr: pinned memory of the host
  bool live;

  uintptr_t lastPage(uintptr_t address) const { return roundUp(address + bytes, PAGE); }
};

// By their first address; those that were freed stay, to be recognized.
std::map<uintptr_t, Allocation>& allocations() {
  static auto* allocations = new std::map<uintptr_t, Allocation>;
  return *allocations;
}

uintptr_t nextAddress() {
  static uintptr_t start = (uintptr_t)mmap(nullptr, ADDRESSES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return start;
}

uintptr_t& usedAddresses() {
  static uintptr_t used = PAGE;
  return used;
}

// The last multiple of the alignment that leaves the bytes just before a page of their own.
uintptr_t place(size_t bytes, const Card* card) {
  size_t pages = roundUp(bytes, PAGE);
  uintptr_t firstPage = nextAddress() + usedAddresses();
  usedAddresses() += pages + PAGE;
  mprotect((void*)firstPage, pages, PROT_READ | PROT_WRITE);
  memset((void*)firstPage, SPOILED, pages);
  uintptr_t address = firstPage + pages - roundUp(bytes, ALIGNMENT);
  allocations()[address] = {bytes, firstPage, card, true};
  return address;
}

bool spoiled(uintptr_t from, uintptr_t to) {
  return std::all_of((unsigned char*)from, (unsigned char*)to, [](unsigned char byte) { return byte == SPOILED; });
}

// The allocation that has the address or is the nearest before it.
const std::pair<const uintptr_t, Allocation>* nearest(uintptr_t address) {
  auto after = allocations().upper_bound(address);
  return after == allocations().begin() ? nullptr : &*std::prev(after);
}

const std::pair<const uintptr_t, Allocation>* holding(uintptr_t address, size_t bytes) {
  auto* found = nearest(address);
  return found != nullptr && found->second.live && address - found->first <= found->second.bytes &&
                 bytes <= found->second.bytes - (address - found->first)
             ? found
             : nullptr;
}

Allocation* liveAt(uintptr_t address, bool pinned) {
  auto found = allocations().find(address);
  bool matches = found != allocations().end() && found->second.live && (found->second.card == nullptr) == pinned;
  return matches ? &found->second : nullptr;
}

// False: somebody wrote beside it.
bool take(uintptr_t address, Allocation& allocation) {
  uintptr_t end = allocation.lastPage(address);
  bool intact = spoiled(allocation.firstPage, address) && spoiled(address + allocation.bytes, end);
  allocation.live = false;
  madvise((void*)allocation.firstPage, end - allocation.firstPage, MADV_DONTNEED);
  mprotect((void*)allocation.firstPage, end - allocation.firstPage, PROT_NONE);
  return intact;
}
}  // namespace

CUresult allocate(Card& card, size_t bytes, CUdeviceptr* result) {
  if (bytes == 0) {
    return fail(CUDA_ERROR_INVALID_VALUE, "an allocation has bytes: bytes=0");
  }
  if (bytes > freeMemory(card)) {
    lastFailure() = "bytes=" + std::to_string(bytes) + " free=" + std::to_string(freeMemory(card));
    return CUDA_ERROR_OUT_OF_MEMORY;
  }
  *result = place(bytes, &card);
  card.usedBytes += bytes;
  counters().allocations++;
  counters().liveAllocations++;
  counters().liveBytes += (long)bytes;
  return CUDA_SUCCESS;
}

CUresult release(CUdeviceptr address) {
  Allocation* allocation = liveAt(address, false);
  if (allocation == nullptr) {
    return fail(CUDA_ERROR_INVALID_VALUE, "only what was allocated can be freed, once: " + describeAddress(address));
  }
  const_cast<Card*>(allocation->card)->usedBytes -= allocation->bytes;
  counters().liveAllocations--;
  counters().liveBytes -= (long)allocation->bytes;
  return take(address, *allocation)
             ? CUDA_SUCCESS
             : fail(CUDA_ERROR_ILLEGAL_ADDRESS, "somebody wrote beside freed memory: " + describeAddress(address));
}

CUresult allocatePinned(size_t bytes, void** result) {
  if (bytes == 0) {
    return fail(CUDA_ERROR_INVALID_VALUE, "an allocation has bytes: bytes=0");
  }
  *result = (void*)place(bytes, nullptr);
  counters().allocations++;
  counters().livePinned++;
  return CUDA_SUCCESS;
}

CUresult releasePinned(void* address) {
  Allocation* allocation = liveAt((uintptr_t)address, true);
  if (allocation == nullptr) {
    return fail(CUDA_ERROR_INVALID_VALUE,
                "only what was allocated can be freed, once: " + describeAddress((uintptr_t)address));
  }
  counters().livePinned--;
  return take((uintptr_t)address, *allocation)
             ? CUDA_SUCCESS
             : fail(CUDA_ERROR_ILLEGAL_ADDRESS,
                    "somebody wrote beside freed memory: " + describeAddress((uintptr_t)address));
}

bool isMemory(const Card& card, CUdeviceptr address, size_t bytes) {
  auto* found = holding(address, bytes);
  return found != nullptr && found->second.card == &card;
}

bool isPinned(uintptr_t address, size_t bytes) {
  auto* found = holding(address, bytes);
  return found != nullptr && found->second.card == nullptr;
}

size_t freeMemory(const Card& card) {
  size_t total = (size_t)settings().memory;
  return card.usedBytes < total ? total - card.usedBytes : 0;
}

std::string describeAddress(uintptr_t address) {
  std::string text = "address=" + hex(address);
  auto* found = nearest(address);
  if (found == nullptr || address - nextAddress() >= ADDRESSES) {
    return text + " (no memory of a card)";
  }
  long behind = (long)(address - found->first - found->second.bytes);
  text += behind < 0 ? " (in " : " (" + std::to_string(behind) + " bytes behind the end of ";
  text += found->second.live ? "" : "freed ";
  text += found->second.card == nullptr ? "pinned memory" : "memory";
  return text + " of " + std::to_string(found->second.bytes) + " bytes)";
}
}  // namespace emulator
