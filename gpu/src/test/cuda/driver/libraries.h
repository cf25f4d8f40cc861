// What a library on top of the driver, such as cuBLAS, asks of it.
#pragma once
#include "driver_types.h"
#include "export.h"

// Adds work to a stream of the calling thread's card, or to its capture. The argument is freed when nobody can run the work any more.
EMULATOR_API CUresult emulator_enqueue(CUstream stream, const char* name, CUresult (*work)(void*), void* argument,
                                       void (*free)(void*));

EMULATOR_API bool emulator_is_memory(CUdeviceptr address, size_t bytes);

EMULATOR_API bool emulator_is_captured(CUstream stream);

EMULATOR_API bool emulator_has_context();

EMULATOR_API void emulator_count_blas_handles(long more);

// Says what was wrong, in words.
EMULATOR_API CUresult emulator_fail(CUresult code, const char* what);
