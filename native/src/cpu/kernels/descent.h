// The vector updates of a conjugate gradient step, on contiguous arrays whose length is a multiple of the lanes.
#pragma once

#include <stdint.h>

namespace lposs::cpu {

struct DescentKernels {
    /// r.r
    double (*square)(const float* r, int64_t count);
    /// r -= a q; returns r.r.
    double (*descend)(float* r, const float* q, int64_t count, float a);
    /// x += a p, or x = a p when `from_zero`.
    void (*advance)(float* x, const float* p, int64_t count, float a, bool from_zero);
    /// The same, and then p = r + b p.
    void (*turn)(float* x, float* p, const float* r, int64_t count, float a, float b, bool from_zero);
};

} // namespace lposs::cpu
