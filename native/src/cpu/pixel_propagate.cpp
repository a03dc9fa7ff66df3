#include "cpu/stencil_system.h"

#include "checked_size.h"

#include <algorithm>

namespace lposs::cpu {
namespace {

// Columns are solved together in blocks of nearly equal size. A block streams through the weights once per
// step, so it should be large; its vectors should stay small beside the weights of a large picture.
constexpr int64_t most_columns = 32;
constexpr int64_t fewest_columns = 7; // their vectors take a third of the weights of radius 6
constexpr int64_t scratch_target = int64_t{3} << 30;

int64_t block_count(const BandedLayout& layout, int64_t columns) {
    const int64_t fitting = scratch_target / StencilSystem::scratch(layout, 1);
    return ceil_div(columns, std::clamp(fitting, fewest_columns, most_columns));
}

} // namespace

void propagate(const Workspace& work, const PixelGraph& graph, const float* y, int64_t columns, float* x,
               const lposs_solver_options& options, SolveResult& result) {
    result.steps.clear();
    result.residuals.clear();
    const int64_t blocks = block_count(graph.layout(), columns);
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
    if (columns == 0) return 0;
    return StencilSystem::scratch(layout, ceil_div(columns, block_count(layout, columns)));
}

} // namespace lposs::cpu
