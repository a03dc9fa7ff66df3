// What the stencil kernel adds up for a row of outputs, in the order in which it is added.
#pragma once

#include "cpu/graph/pixel_graph.h"
#include "cpu/kernels/stencil.h"

#include <array>

namespace lposs::cpu {

struct NeighbourRows {
    static constexpr size_t largest_radius = 15;

    /// Past the last of the rows that are taken in one call with `begin`: a few, whose values stay in the first-level
    /// cache from one tile of outputs to the next; all with shifted lanes or all without.
    size_t group_end(size_t begin) const;

    /// Row distance 0 counts twice: its backward half and its forward half.
    std::array<StencilRow, 2 * (largest_radius + 1)> row{};
    size_t count = 0;
};

/// Every row of neighbours of a row of the banded layout, from above to below.
NeighbourRows neighbour_rows(const PixelGraph& graph, int64_t row);

} // namespace lposs::cpu
