// x = y minus each row's mean: the part that all classes share converges slowest and decides nothing.
#pragma once

#include <cstdint>

namespace lposs {

struct RowMeansArguments {
    const float* y; ///< [M,columns]
    float* x;       ///< [M,columns]; may be y
    int64_t m, columns;
};

namespace cpu {
struct Workspace;
void subtract_row_means(const Workspace& work, const RowMeansArguments& a);
} // namespace cpu

namespace cuda {
struct Workspace;
void subtract_row_means(const Workspace& work, const RowMeansArguments& a);
} // namespace cuda

} // namespace lposs
