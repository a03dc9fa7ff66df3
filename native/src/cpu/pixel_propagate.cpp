#include "cpu/stencil_system.h"

#include "checked_size.h"

#include <algorithm>

namespace lposs::cpu {
namespace {

/// Columns that are solved together: as many as share the stream of weights without taking much more memory
/// than the weights do. Blocks of nearly equal size.
constexpr int64_t most_columns = 32;

int64_t block_count(int64_t columns) {
    return ceil_div(columns, most_columns);
}

} // namespace

void propagate(const Workspace& work, const PixelGraph& graph, const float* y, int64_t columns, float* x,
               const lposs_solver_options& options, SolveResult& result) {
    result.steps.clear();
    result.residuals.clear();
    const int64_t blocks = block_count(columns);
    for (int64_t block = 0; block < blocks; ++block) {
        const int64_t first = columns * block / blocks, count = columns * (block + 1) / blocks - first;
        StencilSystem system(work, graph, options.alpha, y, x, columns, first, count);
        SolveResult solved;
        conjugate_gradient(system, count, options, solved);
        result.steps.insert(result.steps.end(), solved.steps.begin(), solved.steps.end());
        result.residuals.insert(result.residuals.end(), solved.residuals.begin(), solved.residuals.end());
    }
}

int64_t pixel_propagate_cost(int64_t height, int64_t width, int32_t radius, int64_t columns) {
    const BandedLayout layout(height, width, radius, kernels().lanes);
    return StencilSystem::scratch(layout, ceil_div(columns, std::max<int64_t>(block_count(columns), 1)));
}

} // namespace lposs::cpu
