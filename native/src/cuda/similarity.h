#pragma once
#include "cuda/workspace.h"

namespace lposs::cuda {

/// unit [N,D] = rows of features [N,D] divided by their length; a zero row stays zero. unit may be features.
void normalise_rows(const Workspace& work, const float* features, int64_t n, int64_t d, float* unit);

/// scores [N,P] = unit rows of features [N,D] times text [P,D]^T.
void similarity(const Workspace& work, const float* features, int64_t n, int64_t d, const float* text,
                int64_t prompts, float* scores);

/// An upper bound of the scratch bytes of similarity().
int64_t similarity_cost(int64_t n, int64_t d);

} // namespace lposs::cuda
