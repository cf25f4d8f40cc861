#include "processor.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <thread>

#include "block.h"
#include "counters.h"
#include "errors.h"
#include "memory.h"
#include "settings.h"

namespace emulator {
namespace {
constexpr size_t SIGNAL_STACK = 64 << 10;

// A fault is the kernel's if it happens on this thread while this is set.
pthread_t thread;
std::atomic<bool> inKernel{false};
sigjmp_buf beforeKernel;
volatile uintptr_t faultAddress;
struct sigaction previous[2];

void forward(const struct sigaction& to, int signal, siginfo_t* info, void* context) {
  if (to.sa_flags & SA_SIGINFO) {
    to.sa_sigaction(signal, info, context);
  } else if (to.sa_handler == SIG_DFL || to.sa_handler == SIG_IGN) {
    sigaction(signal, &to, nullptr);
  } else {
    to.sa_handler(signal);
  }
}

void onFault(int signal, siginfo_t* info, void* context) {
  if (inKernel && pthread_equal(pthread_self(), thread)) {
    faultAddress = (uintptr_t)info->si_addr;
    siglongjmp(beforeKernel, 1);
  }
  forward(previous[signal == SIGBUS], signal, info, context);
}

void catchFaults() {
  stack_t stack{};
  stack.ss_size = SIGNAL_STACK;
  stack.ss_sp = mmap(nullptr, SIGNAL_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_sigaction = onFault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigaction(SIGSEGV, &action, &previous[0]);
  sigaction(SIGBUS, &action, &previous[1]);
}

dim3 indexOf(unsigned long number, dim3 grid) {
  return {(unsigned)(number % grid.x), (unsigned)(number / grid.x % grid.y),
          (unsigned)(number / ((unsigned long)grid.x * grid.y))};
}

// Random orders differ from launch to launch.
std::mt19937_64 randomOrder() { return std::mt19937_64((unsigned long)settings().seed * 1000003 + counters().launches); }

CUresult runBlocks(const Launch& launch) {
  std::mt19937_64 random = randomOrder();
  bool shuffled = settings().seed != 0;
  std::vector<unsigned long> order(launch.blocks());
  std::iota(order.begin(), order.end(), 0);
  if (shuffled) {
    std::shuffle(order.begin(), order.end(), random);
  }
  for (unsigned long number : order) {
    std::string wrong = block.run(launch, indexOf(number, launch.grid), shuffled ? &random : nullptr);
    if (!wrong.empty()) {
      return fail(CUDA_ERROR_LAUNCH_FAILED, wrong);
    }
  }
  return CUDA_SUCCESS;
}

CUresult runGuarded(const Launch& launch) {
  if (sigsetjmp(beforeKernel, 1) == 0) {
    inKernel = true;
    CUresult result = runBlocks(launch);
    inKernel = false;
    return result;
  }
  inKernel = false;
  std::string where = block.where();
  block.abandon();
  return fail(CUDA_ERROR_ILLEGAL_ADDRESS,
              "a kernel touched what is not its: " + where + " " + describeAddress(faultAddress));
}

// Hands launches from the caller's thread to the processor's, one at a time.
class Processor {
 public:
  Processor() {
    std::thread([this] { serve(); }).detach();
  }

  CUresult run(const Launch& launch) {
    std::unique_lock lock(guard);
    work = &launch;
    changed.notify_all();
    changed.wait(lock, [this] { return work == nullptr; });
    return result;
  }

 private:
  std::mutex guard;
  std::condition_variable changed;
  const Launch* work = nullptr;
  CUresult result = CUDA_SUCCESS;

  void serve() {
    thread = pthread_self();
    catchFaults();
    std::unique_lock lock(guard);
    for (;;) {
      changed.wait(lock, [this] { return work != nullptr; });
      result = runGuarded(*work);
      work = nullptr;
      changed.notify_all();
    }
  }
};
}  // namespace

CUresult runKernel(const Launch& launch) {
  static Processor* processor = new Processor;
  return processor->run(launch);
}
}  // namespace emulator
