// The driver, its cards and their primary contexts.
#include <cstdio>
#include <map>

#include "call.h"
#include "capture.h"
#include "counters.h"
#include "export.h"
#include "memory.h"
#include "settings.h"
#include "stream.h"

using namespace emulator;

namespace {
bool started = false;

enum Attribute {
  MAX_THREADS_PER_BLOCK = 1,
  MAX_BLOCK_DIM_X = 2,
  MAX_BLOCK_DIM_Y = 3,
  MAX_BLOCK_DIM_Z = 4,
  MAX_GRID_DIM_X = 5,
  MAX_GRID_DIM_Y = 6,
  MAX_GRID_DIM_Z = 7,
  MAX_SHARED_MEMORY_PER_BLOCK = 8,
  WARP_SIZE = 10,
  MULTIPROCESSOR_COUNT = 16,
  UNIFIED_ADDRESSING = 41,
  COMPUTE_CAPABILITY_MAJOR = 75,
  COMPUTE_CAPABILITY_MINOR = 76,
};

const std::map<int, int> ATTRIBUTES = {
    {MAX_THREADS_PER_BLOCK, 1024},
    {MAX_BLOCK_DIM_X, 1024},
    {MAX_BLOCK_DIM_Y, 1024},
    {MAX_BLOCK_DIM_Z, 64},
    {MAX_GRID_DIM_X, 2147483647},
    {MAX_GRID_DIM_Y, 65535},
    {MAX_GRID_DIM_Z, 65535},
    {MAX_SHARED_MEMORY_PER_BLOCK, 48 << 10},
    {WARP_SIZE, 32},
    {MULTIPROCESSOR_COUNT, 4},
    {UNIFIED_ADDRESSING, 1},
    {COMPUTE_CAPABILITY_MAJOR, 9},
    {COMPUTE_CAPABILITY_MINOR, 0},
};

template <typename Body>
CUresult callForCard(CUdevice device, Body body) {
  return call([&] {
    Card* chosen = card(device);
    return chosen == nullptr ? CUDA_ERROR_INVALID_DEVICE : body(*chosen);
  });
}
}  // namespace

bool emulator::initialized() { return started; }

EMULATOR_API CUresult cuInit(unsigned flags) {
  std::lock_guard lock(mutex());
  started = true;
  return flags != 0 ? CUDA_ERROR_INVALID_VALUE : settings().cards == 0 ? CUDA_ERROR_NO_DEVICE : CUDA_SUCCESS;
}

EMULATOR_API CUresult cuDriverGetVersion(int* version) {
  *version = (int)settings().version;
  return CUDA_SUCCESS;
}

EMULATOR_API CUresult cuDeviceGetCount(int* count) {
  return call([&] {
    *count = (int)settings().cards;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuDeviceGet(CUdevice* device, int index) {
  return callForCard(index, [&](Card& card) {
    *device = card.index;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuDeviceGetName(char* name, int length, CUdevice device) {
  return callForCard(device, [&](Card& card) {
    snprintf(name, (size_t)length, "Emulated card %d", card.index);
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device) {
  return callForCard(device, [&](Card&) {
    *bytes = (size_t)settings().memory;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuDeviceGetAttribute(int* value, int attribute, CUdevice device) {
  return callForCard(device, [&](Card&) {
    auto found = ATTRIBUTES.find(attribute);
    if (found == ATTRIBUTES.end()) {
      return fail(CUDA_ERROR_NOT_SUPPORTED, "the emulator does not know an attribute: attribute=" + std::to_string(attribute));
    }
    *value = found->second;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device) {
  return callForCard(device, [&](Card& card) {
    counters().liveContexts += card.retained++ == 0;
    *context = &card;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
  return callForCard(device, [&](Card& card) {
    if (card.retained == 0) {
      return fail(CUDA_ERROR_INVALID_CONTEXT, "a context is released as often as it was retained");
    }
    runAll(card);
    counters().liveContexts -= --card.retained == 0;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned* flags, int* active) {
  return callForCard(device, [&](Card& card) {
    *flags = 0;
    *active = card.retained > 0;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuDevicePrimaryCtxSetFlags_v2(CUdevice device, unsigned) {
  return callForCard(device, [](Card&) { return CUDA_SUCCESS; });
}

EMULATOR_API CUresult cuCtxSetCurrent(CUcontext context) {
  return call([&] {
    currentCard() = context;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuCtxGetCurrent(CUcontext* context) {
  return call([&] {
    *context = currentCard();
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuCtxGetDevice(CUdevice* device) {
  return callOnCard([&](Card& card) {
    *device = card.index;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuCtxSynchronize() {
  return callOnCard([](Card& card) {
    counters().synchronizations++;
    for (auto& stream : card.streams) {
      if (stream->capture != nullptr) {
        return refuseAll(card, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "not while a stream is captured: cuCtxSynchronize");
      }
    }
    return runAll(card);
  });
}

EMULATOR_API CUresult cuGetErrorName(CUresult error, const char** name) {
  static const std::map<int, const char*> NAMES = {
      {CUDA_SUCCESS, "CUDA_SUCCESS"},
      {CUDA_ERROR_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"},
      {CUDA_ERROR_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"},
      {CUDA_ERROR_NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED"},
      {CUDA_ERROR_NO_DEVICE, "CUDA_ERROR_NO_DEVICE"},
      {CUDA_ERROR_INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE"},
      {CUDA_ERROR_INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT"},
      {CUDA_ERROR_ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS"},
      {CUDA_ERROR_LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED"},
  };
  auto found = NAMES.find(error);
  *name = found == NAMES.end() ? "CUDA_ERROR" : found->second;
  return CUDA_SUCCESS;
}

// Says more than the real driver: what exactly was wrong last.
EMULATOR_API CUresult cuGetErrorString(CUresult, const char** text) {
  std::lock_guard lock(mutex());
  *text = lastFailure().c_str();
  return CUDA_SUCCESS;
}
