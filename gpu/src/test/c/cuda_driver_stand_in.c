/*
 * A stand-in for the CUDA driver library. It has two cards unless it is compiled with another CUDA_STAND_IN_CARDS, and
 * refuses to start when it is compiled with a CUDA_STAND_IN_ERROR.
 */
#include <string.h>

#ifndef CUDA_STAND_IN_CARDS
#define CUDA_STAND_IN_CARDS 2
#endif
#ifndef CUDA_STAND_IN_ERROR
#define CUDA_STAND_IN_ERROR 0
#endif

int cuInit(unsigned flags) { return flags == 0 ? CUDA_STAND_IN_ERROR : 1; }

int cuDriverGetVersion(int *version) {
    *version = 13020;
    return 0;
}

int cuDeviceGetCount(int *count) {
    *count = CUDA_STAND_IN_CARDS;
    return 0;
}

int cuDeviceGet(int *device, int index) {
    *device = 40 + index;
    return index < CUDA_STAND_IN_CARDS ? 0 : 101;
}

int cuDeviceGetName(char *name, int length, int device) {
    strncpy(name, device == 40 ? "Stand-in A" : "Stand-in B", length);
    return 0;
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) {
    *bytes = (size_t)(device - 39) << 36;
    return 0;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
    switch (attribute) {
        case 75: *value = 9; return 0;
        case 76: *value = device - 40; return 0;
        default: return 1;
    }
}

int cuGetErrorName(int error, const char **name) {
    *name = "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH";
    return error == 803 ? 0 : 1;
}
