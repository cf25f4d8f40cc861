// Modules, the functions in them, and their launches.
#include <map>

#include "call.h"
#include "capture.h"
#include "counters.h"
#include "export.h"
#include "memory.h"
#include "processor.h"
#include "ptx.h"
#include "settings.h"
#include "stream.h"

namespace emulator {
struct Function {
  const Kernel& kernel;
  unsigned mostThreads;
};

struct Module {
  Ptx ptx;
  std::map<std::string, Function> functions;
};
}  // namespace emulator

using namespace emulator;

namespace {
constexpr unsigned MOST_THREADS = 1024;
constexpr unsigned MOST_BLOCKS = 65535;
constexpr unsigned MOST_SHARED_BYTES = 48 << 10;

// The newest version of PTX that a driver reads: 8.0 comes with 12.0, 8.1 with 12.1 and so on, 9.0 with 13.0.
int newestPtx() {
  long version = settings().version;
  return version < 13000 ? (int)(80 + (version - 12000) / 10) : (int)(90 + (version - 13000) / 10);
}

std::string sizes(const std::vector<size_t>& bytes) {
  std::string text;
  for (size_t size : bytes) {
    text += (text.empty() ? "" : ",") + std::to_string(size);
  }
  return text;
}

CUresult checkAgainstSource(const Kernel& kernel, const std::vector<size_t>& ptx) {
  std::vector<size_t> source;
  for (const Parameter& parameter : kernel.parameters) {
    source.push_back(parameter.bytes);
  }
  return source == ptx ? CUDA_SUCCESS
                       : fail(CUDA_ERROR_INVALID_PTX, "the PTX of a kernel is older than its source, generate it again: kernel=" +
                                                          kernel.name + " source=" + sizes(source) + " ptx=" + sizes(ptx));
}

CUresult checkSize(const Function& function, dim3 grid, dim3 block, unsigned sharedBytes) {
  unsigned long threads = (unsigned long)block.x * block.y * block.z;
  bool fits = grid.x > 0 && grid.x <= 2147483647u && grid.y > 0 && grid.y <= MOST_BLOCKS && grid.z > 0 &&
              grid.z <= MOST_BLOCKS && threads > 0 && threads <= function.mostThreads && block.z <= 64 &&
              sharedBytes <= MOST_SHARED_BYTES;
  return fits ? CUDA_SUCCESS
              : fail(CUDA_ERROR_INVALID_VALUE, "a grid or a block is larger than the card or the kernel allows: kernel=" + function.kernel.name +
                                                " threads=" + std::to_string(threads));
}

// A pointer may be null, or point to the end of something.
CUresult checkPointers(const Card& card, const Kernel& kernel, void** arguments) {
  for (size_t i = 0; i < kernel.parameters.size(); i++) {
    uintptr_t address = kernel.parameters[i].pointer ? *(uintptr_t*)arguments[i] : 0;
    if (address != 0 && !isMemory(card, address, 0) && !isPinned(address, 0)) {
      return fail(CUDA_ERROR_INVALID_VALUE, "a pointer is not this card's: kernel=" + kernel.name +
                                                " argument=" + std::to_string(i) + " " + describeAddress(address));
    }
  }
  return CUDA_SUCCESS;
}
}  // namespace

EMULATOR_API CUresult cuModuleLoadData(CUmodule* module, const void* image) {
  return callOnCard([&](Card& card) {
    CUresult result = unsafeCall(card, "cuModuleLoadData");
    if (result != CUDA_SUCCESS) {
      return result;
    }
    Ptx ptx = Ptx::parse((const char*)image);
    if (ptx.version == 0) {
      return fail(CUDA_ERROR_INVALID_IMAGE, "an image is text in PTX");
    }
    if (ptx.version > newestPtx()) {
      return fail(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, "the driver is older than the PTX: ptx=" + std::to_string(ptx.version) +
                                                          " driver=" + std::to_string(newestPtx()));
    }
    *module = new Module{ptx, {}};
    counters().liveModules++;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuModuleLoadDataEx(CUmodule* module, const void* image, unsigned, int*, void**) {
  return cuModuleLoadData(module, image);
}

EMULATOR_API CUresult cuModuleUnload(CUmodule module) {
  return call([&] {
    delete module;
    counters().liveModules--;
    return CUDA_SUCCESS;
  });
}

EMULATOR_API CUresult cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name) {
  return callOnCard([&](Card&) {
    auto entry = module->ptx.entries.find(name);
    if (entry == module->ptx.entries.end()) {
      return fail(CUDA_ERROR_NOT_FOUND, std::string("the PTX has no such kernel: kernel=") + name);
    }
    const Kernel* kernel = Kernel::find(name);
    if (kernel == nullptr) {
      return fail(CUDA_ERROR_NOT_FOUND, std::string("no source was compiled that has this kernel: kernel=") + name);
    }
    unsigned mostThreads = entry->second.mostThreads == 0 ? MOST_THREADS : entry->second.mostThreads;
    *function = &module->functions.emplace(name, Function{*kernel, mostThreads}).first->second;
    return checkAgainstSource(*kernel, entry->second.parameters);
  });
}

EMULATOR_API CUresult cuFuncGetAttribute(int* value, int, CUfunction) {
  *value = 0;
  return CUDA_SUCCESS;
}

EMULATOR_API CUresult cuFuncSetAttribute(CUfunction, int, int) { return CUDA_SUCCESS; }

EMULATOR_API CUresult cuLaunchKernel(CUfunction function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
                                     unsigned blockY, unsigned blockZ, unsigned sharedBytes, CUstream handle,
                                     void** arguments, void**) {
  return callOnCard([&](Card& card) {
    dim3 grid{gridX, gridY, gridZ}, size{blockX, blockY, blockZ};
    CUresult result = checkSize(*function, grid, size, sharedBytes);
    result = result != CUDA_SUCCESS ? result : checkPointers(card, function->kernel, arguments);
    if (result != CUDA_SUCCESS) {
      return result;
    }
    auto stream = streamOf(handle, card);
    if (stream == nullptr) {
      return fail(CUDA_ERROR_INVALID_HANDLE, "no such stream: kernel=" + function->kernel.name);
    }
    auto launch = std::make_shared<Launch>(&function->kernel, grid, size, arguments);
    return stream->enqueue(function->kernel.name, [launch] {
      counters().launches++;
      return runKernel(*launch);
    });
  });
}
