// Functions that programs, cuBLAS and tests find by name; all others are hidden.
#pragma once

#define EMULATOR_API extern "C" __attribute__((visibility("default")))
