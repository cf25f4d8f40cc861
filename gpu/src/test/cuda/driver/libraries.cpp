#include "libraries.h"

#include "call.h"
#include "capture.h"
#include "counters.h"
#include "memory.h"
#include "stream.h"

using namespace emulator;

CUresult emulator_enqueue(CUstream handle, const char* name, CUresult (*work)(void*), void* argument,
                          void (*free)(void*)) {
  std::shared_ptr<void> owned(argument, free);
  return callOnCard([&](Card& card) {
    auto stream = streamOf(handle, card);
    return stream == nullptr ? fail(CUDA_ERROR_INVALID_HANDLE, std::string("no such stream: ") + name)
                             : stream->enqueue(name, [work, owned] { return work(owned.get()); });
  });
}

bool emulator_is_memory(CUdeviceptr address, size_t bytes) {
  std::lock_guard lock(mutex());
  return currentCard() != nullptr && isMemory(*currentCard(), address, bytes);
}

bool emulator_is_captured(CUstream handle) {
  std::lock_guard lock(mutex());
  auto stream = currentCard() == nullptr ? nullptr : streamOf(handle, *currentCard());
  return stream != nullptr && stream->capture != nullptr;
}

bool emulator_has_context() {
  return callOnCard([](Card&) { return CUDA_SUCCESS; }) == CUDA_SUCCESS;
}

void emulator_count_blas_handles(long more) {
  std::lock_guard lock(mutex());
  counters().liveBlasHandles += more;
}

CUresult emulator_fail(CUresult code, const char* what) {
  std::lock_guard lock(mutex());
  return fail(code, what);
}
