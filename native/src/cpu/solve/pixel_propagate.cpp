#include "cpu/solve/stencil_system.h"

#include "core/checked_size.h"

#include <algorithm>

namespace lposs::cpu {
namespace {

// Columns are solved together in blocks of nearly equal size. A block streams through the weights once per step, so it
// should be large; its vectors should stay small beside the weights of a large image.
constexpr int64_t most_columns = 32;
constexpr int64_t fewest_columns = 7; // their vectors take a third of the weights of radius 6
constexpr int64_t scratch_target = int64_t{3} << 30;

int64_t block_count(const BandedLayout& layout, int64_t columns) {
    const int64_t fitting = scratch_target / StencilSystem::scratch(layout, 1);
    return ceil_div(columns, std::clamp(fitting, fewest_columns, most_columns));
}

} // namespace

void PixelGraph::propagate(const Workspace& work, const PropagateArguments& a) const {
    SolveResult& result = *a.result;
    result.steps.clear();
    result.residuals.clear();
    const int64_t columns = a.columns;
    const int64_t blocks = block_count(layout_, columns);
    for (int64_t block = 0; block < blocks; ++block) {
        const int64_t first = columns * block / blocks, count = columns * (block + 1) / blocks - first;
        StencilSystem system(work, *this, a, first, count);
        const Progress::Part part(work.progress, static_cast<double>(first) / static_cast<double>(columns),
                                  static_cast<double>(first + count) / static_cast<double>(columns));
        SolveResult solved;
        conjugate_gradient(system, count, a.options, work.progress, solved);
        result.steps.insert(result.steps.end(), solved.steps.begin(), solved.steps.end());
        result.residuals.insert(result.residuals.end(), solved.residuals.begin(), solved.residuals.end());
    }
}

int64_t pixel_propagate_cost(const PixelGraphArguments& a, int64_t columns) {
    const BandedLayout layout(a.size, a.options.radius, kernels().lanes);
    if (columns == 0) return 0;
    return StencilSystem::scratch(layout, ceil_div(columns, block_count(layout, columns)));
}

} // namespace lposs::cpu
