#pragma once
#include "cpu/runtime/workspace.h"

namespace lposs::cpu {

/// unit [N,D] = rows of features [N,D] divided by their length; a zero row stays zero. unit may be features.
void normalise_rows(const Workspace& work, const float* features, int64_t n, int64_t d, float* unit);

} // namespace lposs::cpu
