#include "cpu/solve/neighbour_rows.h"

#include "core/checked_size.h"

namespace lposs::cpu {
namespace {

constexpr size_t group_rows = 2;

/// Adds the neighbours at a row distance; backward: those that hold the weight of the edge.
void add(NeighbourRows& rows, const PixelGraph& graph, int64_t row, int64_t distance, bool backward) {
    const BandedLayout& layout = graph.layout();
    const int64_t lanes = layout.lanes, neighbour = row + distance;
    const int64_t shift = neighbour < 0 ? -ceil_div(-neighbour, layout.rows) : neighbour / layout.rows;
    const int64_t taps = graph.taps(backward ? -distance : distance);
    if (taps == 0 || shift <= -lanes || shift >= lanes) return;

    const int64_t inside = neighbour - shift * layout.rows;
    const int64_t first = !backward && distance == 0 ? 1 : -layout.column_radius;
    StencilRow& result = rows.row[rows.count++];
    result.values = ((inside - row) * layout.pitch + first) * lanes;
    result.weights =
        backward ? graph.weights(inside, -distance) + (first * taps + taps - 1) * lanes : graph.weights(row, distance);
    result.x_step = taps * lanes;
    result.tap_step = backward ? (taps - 1) * lanes : lanes;
    // The next row of outputs takes the next row of weights.
    result.ahead = inside + 1 < layout.rows ? graph.row_floats() : 0;
    result.taps = static_cast<int32_t>(taps);
    result.shift = static_cast<int32_t>(shift);
    result.backward = backward;
}

} // namespace

size_t NeighbourRows::group_end(size_t begin) const {
    size_t end = begin;
    while (end < count && end - begin < group_rows && (row[end].shift == 0) == (row[begin].shift == 0)) ++end;
    return end;
}

NeighbourRows neighbour_rows(const PixelGraph& graph, int64_t row) {
    const int64_t radius = graph.layout().row_radius;
    NeighbourRows rows;
    for (int64_t distance = -radius; distance <= 0; ++distance) add(rows, graph, row, distance, true);
    for (int64_t distance = 0; distance <= radius; ++distance) add(rows, graph, row, distance, false);
    return rows;
}

} // namespace lposs::cpu
