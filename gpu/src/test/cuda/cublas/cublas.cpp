// The functions of cuBLAS that trainers call, on the emulator's streams. Stricter than the library: what may go wrong there goes wrong here.
#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "../driver/libraries.h"
#include "gemm.h"

using namespace emulator;

enum cublasStatus_t : int {
  CUBLAS_STATUS_SUCCESS = 0,
  CUBLAS_STATUS_NOT_INITIALIZED = 1,
  CUBLAS_STATUS_ALLOC_FAILED = 3,
  CUBLAS_STATUS_INVALID_VALUE = 7,
  CUBLAS_STATUS_MAPPING_ERROR = 11,
  CUBLAS_STATUS_EXECUTION_FAILED = 13,
  CUBLAS_STATUS_NOT_SUPPORTED = 15,
};

// What a library chooses a kernel by.
using Kind = std::array<long, 9>;

struct cublasContext {
  CUstream stream = nullptr;
  int mathMode = 0;
  size_t workspace = 0;
  std::set<Kind> loaded;
};
using cublasHandle_t = cublasContext*;

namespace {
constexpr int TF32_MATH = 3;
constexpr size_t WORKSPACE_ALIGNMENT = 256;

enum ComputeType {
  COMPUTE_32F = 68,
  COMPUTE_32F_PEDANTIC = 69,
  COMPUTE_64F = 70,
  COMPUTE_64F_PEDANTIC = 71,
  COMPUTE_32F_FAST_TF32 = 77,
};

// The same code is built as cuBLAS 12 and as 13: its file says which.
int versionOfThisLibrary() {
  Dl_info library{};
  dladdr((const void*)&versionOfThisLibrary, &library);
  return std::stoi(std::string(library.dli_fname).substr(std::string(library.dli_fname).rfind('.') + 1));
}

cublasStatus_t refuse(cublasStatus_t status, const std::string& why) {
  emulator_fail(CUDA_ERROR_INVALID_VALUE, ("cuBLAS: " + why).c_str());
  return status;
}

bool isNumber(int type) { return type == 0 || type == 1 || type == 2 || type == 14; }

bool isWide(int compute) { return compute == COMPUTE_64F || compute == COMPUTE_64F_PEDANTIC; }

// Which kinds of numbers go together: both factors the same, the result that or float.
bool supported(const Gemm& gemm) {
  bool doubles = gemm.c.number == Number::F64 || gemm.a.number == Number::F64;
  return gemm.a.number == gemm.b.number && doubles == gemm.wide &&
         (gemm.c.number == gemm.a.number || (gemm.c.number == Number::F32 && !gemm.wide));
}

// One of a batch: where its three matrices begin is known when its turn comes.
struct Batch {
  Gemm gemm;
  int count;
  std::function<void(Gemm&, int)> place;

  CUresult run() const {
    for (int i = 0; i < count; i++) {
      Gemm one = gemm;
      place(one, i);
      std::string wrong = misplaced(one);
      if (!wrong.empty()) {
        return emulator_fail(CUDA_ERROR_ILLEGAL_ADDRESS, wrong.c_str());
      }
      one.run();
    }
    return CUDA_SUCCESS;
  }

  std::string misplaced() const {
    std::string wrong;
    for (int i = 0; i < count && wrong.empty(); i++) {
      Gemm one = gemm;
      place(one, i);
      wrong = misplaced(one);
    }
    return wrong;
  }

  static std::string misplaced(const Gemm& gemm) {
    auto wrong = [](const Matrix& matrix, long rows, long columns) {
      size_t bytes = matrix.bytes(rows, columns);
      return bytes > 0 && (matrix.place % bytesOf(matrix.number) != 0 || !emulator_is_memory(matrix.place, bytes));
    };
    std::string which = wrong(gemm.a, gemm.rows, gemm.inner)      ? "A"
                        : wrong(gemm.b, gemm.inner, gemm.columns) ? "B"
                        : wrong(gemm.c, gemm.rows, gemm.columns)  ? "C"
                                                                  : "";
    return which.empty() ? "" : "a matrix is not aligned or not within memory of the card: matrix=" + which;
  }
};

CUresult runBatch(void* batch) { return ((Batch*)batch)->run(); }
void freeBatch(void* batch) { delete (Batch*)batch; }

std::string wrongLeading(const Gemm& gemm) {
  auto tooSmall = [](const Matrix& matrix, long rows, long columns) {
    return matrix.leading < std::max(1L, matrix.transposed ? columns : rows);
  };
  return tooSmall(gemm.a, gemm.rows, gemm.inner)      ? "lda=" + std::to_string(gemm.a.leading)
         : tooSmall(gemm.b, gemm.inner, gemm.columns) ? "ldb=" + std::to_string(gemm.b.leading)
         : tooSmall(gemm.c, gemm.rows, gemm.columns)  ? "ldc=" + std::to_string(gemm.c.leading)
                                                      : "";
}

Kind kindOf(const Batch& batch) {
  const Gemm& gemm = batch.gemm;
  return {gemm.rows,           gemm.columns,       gemm.inner,        batch.count, (long)gemm.a.number, (long)gemm.c.number,
          gemm.a.transposed, gemm.b.transposed, gemm.shortFactors};
}

cublasStatus_t enqueue(cublasHandle_t handle, std::unique_ptr<Batch> batch, bool knownPlaces) {
  const Gemm& gemm = batch->gemm;
  if (gemm.rows < 0 || gemm.columns < 0 || gemm.inner < 0 || batch->count < 0) {
    return refuse(CUBLAS_STATUS_INVALID_VALUE, "an extent is not negative");
  }
  if (!supported(gemm)) {
    return refuse(CUBLAS_STATUS_NOT_SUPPORTED, "these kinds of numbers do not go together");
  }
  if (std::string wrong = wrongLeading(gemm); !wrong.empty()) {
    return refuse(CUBLAS_STATUS_INVALID_VALUE, "a leading dimension is too small: " + wrong);
  }
  if (handle->workspace == 0 && emulator_is_captured(handle->stream)) {
    return refuse(CUBLAS_STATUS_ALLOC_FAILED, "a captured product needs a workspace, set behind its stream");
  }
  if (emulator_is_captured(handle->stream) && handle->loaded.count(kindOf(*batch)) == 0) {
    return refuse(CUBLAS_STATUS_NOT_INITIALIZED,
                  "a product's kernel is loaded when it is first needed, which drivers before CUDA 12.3 refuse in a capture");
  }
  if (std::string wrong = knownPlaces ? batch->misplaced() : ""; !wrong.empty()) {
    return refuse(CUBLAS_STATUS_MAPPING_ERROR, wrong);
  }
  handle->loaded.insert(kindOf(*batch));
  CUresult result = emulator_enqueue(handle->stream, "gemm", runBatch, batch.release(), freeBatch);
  return result == CUDA_SUCCESS ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}

struct Operand {
  const void* place;
  int type, leading;
};

cublasStatus_t product(cublasHandle_t handle, int transposeA, int transposeB, int m, int n, int k, const void* alpha,
                       Operand a, Operand b, const void* beta, Operand c, int compute, int count,
                       std::function<void(Gemm&, int)> place, bool knownPlaces) {
  bool wide = isWide(compute);
  bool known = wide || compute == COMPUTE_32F || compute == COMPUTE_32F_PEDANTIC || compute == COMPUTE_32F_FAST_TF32;
  if (!known || !isNumber(a.type) || !isNumber(b.type) || !isNumber(c.type) || transposeA > 1 || transposeB > 1) {
    return refuse(CUBLAS_STATUS_NOT_SUPPORTED, "the emulator does not know this type: compute=" + std::to_string(compute));
  }
  auto scalar = [wide](const void* value) { return wide ? *(const double*)value : *(const float*)value; };
  auto matrix = [](Operand operand, int transpose) {
    return Matrix{(uintptr_t)operand.place, (Number)operand.type, operand.leading, transpose != 0};
  };
  bool shortFactors = a.type == (int)Number::F32 &&
                      (compute == COMPUTE_32F_FAST_TF32 || (handle->mathMode == TF32_MATH && compute == COMPUTE_32F));
  Gemm gemm{m, n, k, scalar(alpha), scalar(beta), wide, shortFactors, matrix(a, transposeA), matrix(b, transposeB), matrix(c, 0)};
  return enqueue(handle, std::make_unique<Batch>(Batch{gemm, count, std::move(place)}), knownPlaces);
}

std::function<void(Gemm&, int)> strided(long long a, long long b, long long c) {
  return [=](Gemm& gemm, int i) {
    gemm.a.place += (uintptr_t)(i * a * (long long)bytesOf(gemm.a.number));
    gemm.b.place += (uintptr_t)(i * b * (long long)bytesOf(gemm.b.number));
    gemm.c.place += (uintptr_t)(i * c * (long long)bytesOf(gemm.c.number));
  };
}
}  // namespace

EMULATOR_API cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
  if (!emulator_has_context()) {
    return refuse(CUBLAS_STATUS_NOT_INITIALIZED, "the calling thread has no context");
  }
  *handle = new cublasContext;
  emulator_count_blas_handles(1);
  return CUBLAS_STATUS_SUCCESS;
}

EMULATOR_API cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
  delete handle;
  emulator_count_blas_handles(-1);
  return CUBLAS_STATUS_SUCCESS;
}

EMULATOR_API cublasStatus_t cublasGetVersion_v2(cublasHandle_t, int* version) {
  *version = versionOfThisLibrary() * 10000;
  return CUBLAS_STATUS_SUCCESS;
}

// A workspace belongs to the stream it was set behind, as in the library.
EMULATOR_API cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, CUstream stream) {
  handle->stream = stream;
  handle->workspace = 0;
  return CUBLAS_STATUS_SUCCESS;
}

EMULATOR_API cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* place, size_t bytes) {
  if ((uintptr_t)place % WORKSPACE_ALIGNMENT != 0 || !emulator_is_memory((uintptr_t)place, bytes)) {
    return refuse(CUBLAS_STATUS_INVALID_VALUE, "a workspace is memory of the card, aligned to 256 bytes");
  }
  handle->workspace = bytes;
  return CUBLAS_STATUS_SUCCESS;
}

EMULATOR_API cublasStatus_t cublasSetMathMode(cublasHandle_t handle, int mode) {
  handle->mathMode = mode & 0xf;
  return CUBLAS_STATUS_SUCCESS;
}

EMULATOR_API cublasStatus_t cublasSetAtomicsMode(cublasHandle_t, int) { return CUBLAS_STATUS_SUCCESS; }

EMULATOR_API cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t, int mode) {
  return mode == 0 ? CUBLAS_STATUS_SUCCESS : refuse(CUBLAS_STATUS_NOT_SUPPORTED, "scalars are the host's here");
}

EMULATOR_API cublasStatus_t cublasGemmStridedBatchedEx(cublasHandle_t handle, int transposeA, int transposeB, int m, int n,
                                                       int k, const void* alpha, const void* a, int typeA, int leadingA,
                                                       long long strideA, const void* b, int typeB, int leadingB,
                                                       long long strideB, const void* beta, void* c, int typeC, int leadingC,
                                                       long long strideC, int count, int compute, int) {
  return product(handle, transposeA, transposeB, m, n, k, alpha, {a, typeA, leadingA}, {b, typeB, leadingB}, beta,
                 {c, typeC, leadingC}, compute, count, strided(strideA, strideB, strideC), true);
}

EMULATOR_API cublasStatus_t cublasGemmEx(cublasHandle_t handle, int transposeA, int transposeB, int m, int n, int k,
                                         const void* alpha, const void* a, int typeA, int leadingA, const void* b, int typeB,
                                         int leadingB, const void* beta, void* c, int typeC, int leadingC, int compute,
                                         int algorithm) {
  return cublasGemmStridedBatchedEx(handle, transposeA, transposeB, m, n, k, alpha, a, typeA, leadingA, 0, b, typeB, leadingB, 0,
                                    beta, c, typeC, leadingC, 0, 1, compute, algorithm);
}

// The places of the matrices lie in memory of the card, and may be written until the work's turn comes.
EMULATOR_API cublasStatus_t cublasGemmBatchedEx(cublasHandle_t handle, int transposeA, int transposeB, int m, int n, int k,
                                                const void* alpha, const void* const a[], int typeA, int leadingA,
                                                const void* const b[], int typeB, int leadingB, const void* beta,
                                                void* const c[], int typeC, int leadingC, int count, int compute, int) {
  for (auto places : {(uintptr_t)a, (uintptr_t)b, (uintptr_t)c}) {
    if (places % sizeof(void*) != 0 || !emulator_is_memory(places, sizeof(void*) * (size_t)std::max(count, 0))) {
      return refuse(CUBLAS_STATUS_MAPPING_ERROR, "the places of a batch lie in memory of the card");
    }
  }
  auto place = [=](Gemm& gemm, int i) {
    gemm.a.place = (uintptr_t)a[i];
    gemm.b.place = (uintptr_t)b[i];
    gemm.c.place = (uintptr_t)c[i];
  };
  return product(handle, transposeA, transposeB, m, n, k, alpha, {a, typeA, leadingA}, {b, typeB, leadingB}, beta,
                 {c, typeC, leadingC}, compute, count, place, false);
}
