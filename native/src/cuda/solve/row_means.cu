#include "core/operations/row_means.h"

#include "cuda/runtime/block.cuh"
#include "cuda/runtime/workspace.h"

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;
constexpr int rows_per_block = threads / warp_lanes;

/// One warp per row of y [M,columns]. x may be y.
__global__ void subtract_row_means_kernel(const float* y, int64_t m, int64_t columns, float* x) {
    const int64_t row = int64_t{blockIdx.x} * rows_per_block + warp_index();
    if (row < m) { // whole warps
        double sum = 0.0;
        for (int64_t c = lane_index(); c < columns; c += warp_lanes) sum += static_cast<double>(y[row * columns + c]);
        const auto mean = static_cast<float>(warp_sum(sum) / static_cast<double>(columns));
        for (int64_t c = lane_index(); c < columns; c += warp_lanes) x[row * columns + c] = y[row * columns + c] - mean;
    }
}

} // namespace

// ---------------------------------------------------------------------------- launchers

void subtract_row_means(const Workspace& work, const RowMeansArguments& a) {
    GPU_LAUNCH(subtract_row_means_kernel, block_count(a.m, rows_per_block), threads, 0, work.stream, a.y, a.m,
               a.columns, a.x);
}

} // namespace lposs::cuda
