#pragma once
#include "cuda/runtime/workspace.h"

namespace lposs::cuda {

/// Rows of the N x N product that exist at one time.
int64_t product_rows(int64_t n);

} // namespace lposs::cuda
