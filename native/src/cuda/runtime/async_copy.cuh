// Copies from global to shared memory that go on while the thread does something else. The emulator copies
// where the thread waits.
#pragma once

#include "cuda/runtime/gpu.h"

namespace lposs::cuda {

/// Starts to copy one float; a zero is written, and nothing read, unless `inside`.
__device__ __forceinline__ void copy_async(float* to, const float* from, bool inside) {
#if GPU_ON_HOST
    emulator::start_copy(to, inside ? from : nullptr, 1);
#else
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;"
                 :
                 : "r"(static_cast<unsigned>(__cvta_generic_to_shared(to))), "l"(from), "r"(inside ? 4 : 0)
                 : "memory");
#endif
}

/// The same for 16 bytes, past the first cache.
__device__ __forceinline__ void copy_async(float4* to, const float4* from, bool inside) {
#if GPU_ON_HOST
    emulator::start_copy(&to->x, inside ? &from->x : nullptr, 4);
#else
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
                 :
                 : "r"(static_cast<unsigned>(__cvta_generic_to_shared(to))), "l"(from), "r"(inside ? 16 : 0)
                 : "memory");
#endif
}

/// Ends a group of copies: those that this thread has started since the last.
__device__ __forceinline__ void end_copy_group() {
#if GPU_ON_HOST
    emulator::end_copy_group();
#else
    asm volatile("cp.async.commit_group;" : : : "memory");
#endif
}

/// Waits for this thread's copies but for those of the last `groups` groups. Other threads see them behind a barrier.
template <int groups>
__device__ __forceinline__ void wait_for_copies() {
#if GPU_ON_HOST
    emulator::wait_for_copies(groups);
#else
    asm volatile("cp.async.wait_group %0;" : : "n"(groups) : "memory");
#endif
}

} // namespace lposs::cuda
