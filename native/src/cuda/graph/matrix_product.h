#pragma once
#include "cuda/runtime/workspace.h"

namespace lposs::cuda {

/// c [m,n] = a [m,d] b [n,d]^T in FP32. Each sum runs over d in its order, so the bits are the same at every run and
/// for every m, and c is symmetric to the bit where a = b; of a square c half is made then, and mirrored.
void matrix_product(const Workspace& work, const float* a, int64_t m, const float* b, int64_t n, int64_t d, float* c);

} // namespace lposs::cuda
