// The k largest inner products of each row of features with all rows, itself included: best first, ties to the lower
// index. Features are taken as they are.
#pragma once

#include <cstdint>

namespace lposs {

struct KnnArguments {
    const float* features; ///< [N,D]
    float* similarities;   ///< [N,k]
    int32_t* indices;      ///< [N,k]
    int64_t n, d, k;       ///< 1 <= k <= N
};

namespace cpu {
struct Workspace;
void knn(const Workspace& work, const KnnArguments& a);
} // namespace cpu

namespace cuda {
struct Workspace;
void knn(const Workspace& work, const KnnArguments& a);
} // namespace cuda

} // namespace lposs
