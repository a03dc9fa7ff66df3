#pragma once
#include "cuda/workspace.h"

namespace lposs::cuda {

/// y [M,columns] -> x = y minus the mean of each row; x may be y.
void subtract_row_means(const Workspace& work, const float* y, int64_t m, int64_t columns, float* x);

} // namespace lposs::cuda
