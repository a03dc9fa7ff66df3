#include "cuda/graph/unit_rows.h"

#include "cuda/runtime/block.cuh"

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;
constexpr int rows_per_block = threads / warp_lanes;

/// One warp per row. In double, because the squares of large and small floats are none.
__global__ void normalise_rows_kernel(const float* features, int64_t n, int64_t d, float* unit) {
    const int64_t row = int64_t{blockIdx.x} * rows_per_block + warp_index();
    if (row < n) { // whole warps
        const float* from = features + row * d;
        double squares = 0.0;
        for (int64_t i = lane_index(); i < d; i += warp_lanes) {
            const auto value = static_cast<double>(from[i]);
            squares += value * value;
        }
        squares = warp_sum(squares);
        const double scale = squares == 0.0 ? 0.0 : 1.0 / sqrt(squares);
        for (int64_t i = lane_index(); i < d; i += warp_lanes)
            unit[row * d + i] = static_cast<float>(static_cast<double>(from[i]) * scale);
    }
}

} // namespace

// ---------------------------------------------------------------------------- launchers

void normalise_rows(const Workspace& work, const float* features, int64_t n, int64_t d, float* unit) {
    GPU_LAUNCH(normalise_rows_kernel, block_count(n, rows_per_block), threads, 0, work.stream, features, n, d, unit);
}

} // namespace lposs::cuda
