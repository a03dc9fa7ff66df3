// X = (I - alpha S)^-1 Y by conjugate gradients. Each backend's graphs have a virtual propagate(work, arguments), since
// what a product with S is depends on the graph.
#pragma once

#include "lposs/lposs.h"

#include <cstdint>
#include <vector>

namespace lposs {

/// What a solve did, per column (host memory).
struct SolveResult {
    std::vector<int32_t> steps;
    std::vector<float> residuals; ///< final |r| / |y|; 0 for a zero column
};

struct PropagateArguments {
    const float* y;                      ///< [nodes,columns]
    float* x;                            ///< [nodes,columns]; may be y
    int64_t columns;                     ///< 1 or more
    const lposs_solver_options& options; ///< subtract_class_mean is the caller's business
    SolveResult* result;                 ///< may be null: then nothing is waited for on CUDA
};

namespace cpu {
/// Scratch bytes of propagating so many columns over a graph of n patches.
int64_t patch_propagate_cost(int64_t n, int64_t columns);
} // namespace cpu

namespace cuda {
int64_t patch_propagate_cost(int64_t n, int64_t columns);
} // namespace cuda

} // namespace lposs
