#pragma once
#include "cuda/workspace.h"

namespace lposs::cuda {

/// features [N,D] as they are -> similarities and indices [N,k]: the k largest inner products of each row
/// with all rows, itself included, best first, ties to the lower index.
void knn(const Workspace& work, const float* features, int64_t n, int64_t d, int64_t k, float* similarities,
         int32_t* indices);

/// Rows of the N x N product that exist at one time.
int64_t product_rows(int64_t n);

} // namespace lposs::cuda
