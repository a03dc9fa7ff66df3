#pragma once
#include "cuda/runtime/workspace.h"

namespace lposs::cuda {

/// unit [N,D] = rows of features [N,D] divided by their length; a zero row stays zero. unit may be features.
void normalise_rows(const Workspace& work, const float* features, int64_t n, int64_t d, float* unit);

} // namespace lposs::cuda
