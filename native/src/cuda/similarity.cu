// Unit rows first, then one product: the product of rows as they come could overflow. features [N,D], text
// [P,D].
#include "cuda/similarity.h"

#include "cuda/block.cuh"
#include "cuda/matrix_product.h"

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
    GPU_LAUNCH(normalise_rows_kernel, block_count(n, rows_per_block), threads, 0, work.stream, features, n, d,
               unit);
}

void similarity(const Workspace& work, const float* features, int64_t n, int64_t d, const float* text,
                int64_t prompts, float* scores) {
    if (n == 0) return;
    const auto unit = work.buffer<float>(n * d, "unit features");
    normalise_rows(work, features, n, d, unit.data());
    matrix_product(work, unit.data(), n, text, prompts, d, scores);
}

int64_t similarity_cost(int64_t n, int64_t d) {
    return buffer_cost(n * d, sizeof(float)) + matrix_product_cost();
}

} // namespace lposs::cuda
