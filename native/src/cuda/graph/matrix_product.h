#pragma once
#include "cuda/runtime/workspace.h"

namespace lposs::cuda {

/// The BLAS library's handle, made at its first use because that takes long; one per context.
class BlasHandle {
public:
    BlasHandle() = default;
    ~BlasHandle();
    BlasHandle(const BlasHandle&) = delete;
    BlasHandle& operator=(const BlasHandle&) = delete;

    /// The cublasHandle_t, on this stream.
    void* get(cudaStream_t stream);

private:
    void* handle_ = nullptr;
};

/// c [m,n] = a [m,d] b [n,d]^T in FP32; the same bits at every run, but c is symmetric for a = b only up to rounding.
void matrix_product(const Workspace& work, const float* a, int64_t m, const float* b, int64_t n, int64_t d, float* c);

/// Scratch bytes of matrix_product().
int64_t matrix_product_cost();

} // namespace lposs::cuda
