// Memory of the card, pinned memory, copies and fills.
#include <algorithm>
#include <cstring>

#include "call.h"
#include "capture.h"
#include "counters.h"
#include "export.h"
#include "memory.h"
#include "stream.h"

using namespace emulator;

namespace {
struct Range {
  uintptr_t address;
  bool onCard;
};

struct Copy {
  Card& card;
  Range to, from;
  size_t bytes;

  CUresult check() const {
    for (const Range& range : {to, from}) {
      if (range.onCard && !isMemory(card, range.address, bytes)) {
        return fail(CUDA_ERROR_INVALID_VALUE,
                    "a copy stays within one allocation of its card: bytes=" + std::to_string(bytes) + " " +
                        describeAddress(range.address));
      }
    }
    return CUDA_SUCCESS;
  }

  // What was there when the copy was asked for may be gone when its turn comes.
  CUresult run() const {
    if (check() != CUDA_SUCCESS) {
      return CUDA_ERROR_ILLEGAL_ADDRESS;
    }
    memmove((void*)to.address, (const void*)from.address, bytes);
    return CUDA_SUCCESS;
  }

  bool touchesPageableMemory() const {
    return (!to.onCard && !isPinned(to.address, bytes)) || (!from.onCard && !isPinned(from.address, bytes));
  }
};

CUresult copyNow(Range to, Range from, size_t bytes) {
  return callOnCard([&](Card& card) {
    counters().synchronizations++;
    Copy copy{card, to, from, bytes};
    CUresult result = unsafeCall(card, "a copy that waits");
    result = result != CUDA_SUCCESS ? result : copy.check();
    result = result != CUDA_SUCCESS ? result : runBlocking(card);
    return result != CUDA_SUCCESS ? result : copy.run();
  });
}

CUresult onStream(CUstream handle, const char* name, Card& card, CUresult checked, Work work) {
  auto stream = streamOf(handle, card);
  return checked != CUDA_SUCCESS ? checked
         : stream == nullptr     ? fail(CUDA_ERROR_INVALID_HANDLE, std::string("no such stream: ") + name)
                                 : stream->enqueue(name, std::move(work));
}

// Memory that is not pinned is copied at once, after all that was there before, as the driver does; a capture cannot hold it.
CUresult copyPageable(const Copy& copy, CUstream handle) {
  auto stream = streamOf(handle, copy.card);
  if (stream == nullptr) {
    return fail(CUDA_ERROR_INVALID_HANDLE, "no such stream: copy");
  }
  if (stream->capture != nullptr) {
    return refuse(*stream->capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "a captured copy needs pinned memory");
  }
  counters().synchronizations++;
  CUresult result = copy.check();
  result = result != CUDA_SUCCESS ? result : stream->enqueue("copy", [copy] { return copy.run(); });
  return result != CUDA_SUCCESS ? result : stream->runAll();
}

CUresult copyLater(Range to, Range from, size_t bytes, CUstream stream) {
  return callOnCard([&](Card& card) {
    Copy copy{card, to, from, bytes};
    return copy.touchesPageableMemory() ? copyPageable(copy, stream)
                                        : onStream(stream, "copy", card, copy.check(), [copy] { return copy.run(); });
  });
}

template <typename T>
struct Fill {
  Card& card;
  CUdeviceptr to;
  T value;
  size_t count;

  CUresult check() const {
    bool whole = to % sizeof(T) == 0 && isMemory(card, to, count * sizeof(T));
    return whole ? CUDA_SUCCESS
                 : fail(CUDA_ERROR_INVALID_VALUE, "a fill stays within one allocation of its card: bytes=" +
                                                      std::to_string(count * sizeof(T)) + " " + describeAddress(to));
  }

  CUresult run() const {
    if (check() != CUDA_SUCCESS) {
      return CUDA_ERROR_ILLEGAL_ADDRESS;
    }
    std::fill_n((T*)to, count, value);
    return CUDA_SUCCESS;
  }
};

template <typename T>
CUresult fillLater(CUdeviceptr to, T value, size_t count, CUstream stream) {
  return callOnCard([&](Card& card) {
    Fill<T> fill{card, to, value, count};
    return onStream(stream, "fill", card, fill.check(), [fill] { return fill.run(); });
  });
}
}  // namespace

EMULATOR_API CUresult cuMemGetInfo_v2(size_t* unused, size_t* total) {
  return callOnCard([&](Card& card) {
    *unused = freeMemory(card);
    *total = freeMemory(card) + card.usedBytes;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuMemAlloc_v2(CUdeviceptr* address, size_t bytes) {
  return callOnCard([&](Card& card) {
    CUresult result = unsafeCall(card, "cuMemAlloc");
    return result != CUDA_SUCCESS ? result : allocate(card, bytes, address);
  });
}

EMULATOR_API CUresult cuMemFree_v2(CUdeviceptr address) {
  return callOnCard([&](Card& card) {
    if (address == 0) {
      return CUDA_SUCCESS;
    }
    CUresult result = unsafeCall(card, "cuMemFree");
    result = result != CUDA_SUCCESS ? result : runAll(card);
    return result != CUDA_SUCCESS ? result : release(address);
  });
}

EMULATOR_API CUresult cuMemHostAlloc(void** address, size_t bytes, unsigned) {
  return callOnCard([&](Card& card) {
    CUresult result = unsafeCall(card, "cuMemHostAlloc");
    return result != CUDA_SUCCESS ? result : allocatePinned(bytes, address);
  });
}

EMULATOR_API CUresult cuMemAllocHost_v2(void** address, size_t bytes) { return cuMemHostAlloc(address, bytes, 0); }

EMULATOR_API CUresult cuMemFreeHost(void* address) {
  return callOnCard([&](Card& card) {
    CUresult result = unsafeCall(card, "cuMemFreeHost");
    result = result != CUDA_SUCCESS ? result : runAll(card);
    return result != CUDA_SUCCESS ? result : releasePinned(address);
  });
}

EMULATOR_API CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr* onCard, void* address, unsigned) {
  return callOnCard([&](Card&) {
    *onCard = (CUdeviceptr)address;
    return isPinned((uintptr_t)address, 1)
               ? CUDA_SUCCESS
               : fail(CUDA_ERROR_INVALID_VALUE, "not pinned: " + describeAddress((uintptr_t)address));
  });
}

EMULATOR_API CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t bytes) {
  return copyNow({to, true}, {(uintptr_t)from, false}, bytes);
}

EMULATOR_API CUresult cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t bytes) {
  return copyNow({(uintptr_t)to, false}, {from, true}, bytes);
}

EMULATOR_API CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
  return copyLater({to, true}, {from, true}, bytes, nullptr);
}

EMULATOR_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, CUstream stream) {
  return copyLater({to, true}, {(uintptr_t)from, false}, bytes, stream);
}

EMULATOR_API CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, CUstream stream) {
  return copyLater({(uintptr_t)to, false}, {from, true}, bytes, stream);
}

EMULATOR_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
  return copyLater({to, true}, {from, true}, bytes, stream);
}

EMULATOR_API CUresult cuMemsetD8_v2(CUdeviceptr to, unsigned char value, size_t count) {
  return fillLater(to, value, count, nullptr);
}

EMULATOR_API CUresult cuMemsetD32_v2(CUdeviceptr to, unsigned value, size_t count) {
  return fillLater(to, value, count, nullptr);
}

EMULATOR_API CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t count, CUstream stream) {
  return fillLater(to, value, count, stream);
}

EMULATOR_API CUresult cuMemsetD16Async(CUdeviceptr to, unsigned short value, size_t count, CUstream stream) {
  return fillLater(to, value, count, stream);
}

EMULATOR_API CUresult cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t count, CUstream stream) {
  return fillLater(to, value, count, stream);
}
