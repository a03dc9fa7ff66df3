// One instruction each where the library's functions take several: they flush numbers below 2^-126 to zero, and err by
// 2^-22 at most.
#pragma once

#include "cuda/runtime/gpu.h"

namespace lposs::cuda {

__device__ __forceinline__ float approximate_sqrt(float value) {
#if GPU_ON_HOST
    return sqrtf(value);
#else
    float root;
    asm("sqrt.approx.ftz.f32 %0, %1;" : "=f"(root) : "f"(value));
    return root;
#endif
}

/// 2^value
__device__ __forceinline__ float approximate_exp2(float value) {
#if GPU_ON_HOST
    return exp2f(value);
#else
    float power;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(value));
    return power;
#endif
}

} // namespace lposs::cuda
