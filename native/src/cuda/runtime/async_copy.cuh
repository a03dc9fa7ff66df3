// Copies from global to shared memory that go on while the thread does something else. The emulator copies at once.
#pragma once

#include "cuda/runtime/gpu.h"

namespace lposs::cuda {

/// Starts to copy one float; a zero is written, and nothing read, unless `inside`.
__device__ __forceinline__ void copy_async(float* to, const float* from, bool inside) {
#if GPU_ON_HOST
    *to = inside ? *from : 0.0f;
#else
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;"
                 :
                 : "r"(static_cast<unsigned>(__cvta_generic_to_shared(to))), "l"(from), "r"(inside ? 4 : 0)
                 : "memory");
#endif
}

/// Waits for all copies that this thread has started. Other threads see them behind a barrier.
__device__ __forceinline__ void wait_for_copies() {
#if !GPU_ON_HOST
    asm volatile("cp.async.wait_all;" : : : "memory");
#endif
}

} // namespace lposs::cuda
