#include "cuda/graph/matrix_product.h"

#if !GPU_ON_HOST
#include <cublas_v2.h>
#endif

namespace lposs::cuda {

#if GPU_ON_HOST

// cuBLAS cannot be emulated; a plain loop stands in for it, so that the kernels around it can be.

namespace {

__global__ void plain_product_kernel(const float* a, const float* b, int64_t n, int64_t d, int64_t size, float* c) {
    const int64_t i = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
    if (i >= size) return;
    const float* row = a + i / n * d;
    const float* column = b + i % n * d;
    float sum = 0.0f;
    for (int64_t k = 0; k < d; ++k) sum += row[k] * column[k];
    c[i] = sum;
}

} // namespace

BlasHandle::~BlasHandle() = default;
void* BlasHandle::get(cudaStream_t) {
    return handle_;
}

void matrix_product(const Workspace& work, const float* a, int64_t m, const float* b, int64_t n, int64_t d, float* c) {
    GPU_LAUNCH(plain_product_kernel, block_count(m * n, 256), 256, 0, work.stream, a, b, n, d, m * n, c);
}

int64_t matrix_product_cost() {
    return 0;
}

#else

namespace {

// Given by us, because cuBLAS would allocate its own outside of the context's memory limit.
constexpr int64_t workspace_bytes = 8 << 20;

void check_blas(cublasStatus_t status, const char* call) {
    if (status == CUBLAS_STATUS_SUCCESS) return;
    const bool memory = status == CUBLAS_STATUS_ALLOC_FAILED;
    fail(memory ? LPOSS_ERROR_OUT_OF_MEMORY : LPOSS_ERROR_DEVICE, "%s: %s", call, cublasGetStatusString(status));
}

int as_int(int64_t size) {
    if (size > std::numeric_limits<int>::max())
        fail(LPOSS_ERROR_UNSUPPORTED, "a matrix of %lld rows or columns is too large for cuBLAS (%d)",
             static_cast<long long>(size), std::numeric_limits<int>::max());
    return static_cast<int>(size);
}

} // namespace

BlasHandle::~BlasHandle() {
    if (handle_) (void)cublasDestroy(static_cast<cublasHandle_t>(handle_));
}

void* BlasHandle::get(cudaStream_t stream) {
    if (!handle_) {
        cublasHandle_t made = nullptr;
        check_blas(cublasCreate(&made), "cublasCreate");
        handle_ = made;
        check_blas(cublasSetMathMode(made, CUBLAS_DEFAULT_MATH), "cublasSetMathMode"); // no TF32
        check_blas(cublasSetAtomicsMode(made, CUBLAS_ATOMICS_NOT_ALLOWED), "cublasSetAtomicsMode");
        check_blas(cublasSetStream(made, stream), "cublasSetStream");
    }
    return handle_;
}

void matrix_product(const Workspace& work, const float* a, int64_t m, const float* b, int64_t n, int64_t d, float* c) {
    auto* const blas = static_cast<cublasHandle_t>(work.blas.get(work.stream));
    const auto scratch = work.buffer<unsigned char>(workspace_bytes, "cuBLAS workspace");
    check_blas(cublasSetWorkspace(blas, scratch.data(), static_cast<size_t>(workspace_bytes)), "cublasSetWorkspace");
    // cuBLAS counts in columns: what it sees is c^T [n,m] = b a^T.
    const float one = 1.0f, zero = 0.0f;
    const int width = as_int(n), height = as_int(m), depth = as_int(d);
    check_blas(
        cublasSgemm(blas, CUBLAS_OP_T, CUBLAS_OP_N, width, height, depth, &one, b, depth, a, depth, &zero, c, width),
        "cublasSgemm");
}

int64_t matrix_product_cost() {
    return buffer_cost(workspace_bytes, 1);
}

#endif

} // namespace lposs::cuda
