#include "cpu/graph/banded_layout.h"

#include "core/checked_size.h"

#include <algorithm>

namespace lposs::cpu {
namespace {

/// Calls body(row, column) in the order in which the caller's pixels lie.
template <class Body>
void for_vectors(const BandedLayout& layout, int64_t first, int64_t last, const Body& body) {
    if (layout.column_nodes == 1) {
        for (int64_t row = first; row < last; ++row)
            for (int64_t column = 0; column < layout.columns; ++column) body(row, column);
    } else {
        for (int64_t column = 0; column < layout.columns; ++column)
            for (int64_t row = first; row < last; ++row) body(row, column);
    }
}

} // namespace

BandedLayout::BandedLayout(ImageSize size, int32_t radius, int lane_count)
    : lanes(lane_count), length(std::max(size.height, size.width)), rows(ceil_div(length, lane_count)),
      columns(std::min(size.height, size.width)) {
    row_radius = static_cast<int32_t>(std::min<int64_t>(radius, length - 1));
    column_radius = static_cast<int32_t>(std::min<int64_t>(radius, columns - 1));
    pitch = columns + column_radius;
    const bool is_tall = size.height >= size.width;
    row_nodes = is_tall ? size.width : 1;
    column_nodes = is_tall ? 1 : size.width;
}

int32_t BandedLayout::lanes_in(int64_t row) const {
    return static_cast<int32_t>(std::clamp<int64_t>(ceil_div(length - row, rows), 0, lanes));
}

void to_banded(const BandedLayout& layout, const BandedKernels& kernels, const float* source, int64_t stride,
               int64_t count, float* planes, int64_t plane, int64_t first, int64_t last, float outside) {
    const int64_t lane_step = layout.rows * layout.row_nodes * stride;
    for_vectors(layout, first, last, [&](int64_t row, int64_t column) {
        kernels.gather(source + layout.node(row, column) * stride, lane_step, count, layout.lanes_in(row), outside,
                       planes + layout.at(row, column), plane);
    });
    for (int64_t c = 0; c < count; ++c) {
        float* values = planes + c * plane;
        if (first == 0) std::fill(values, values + layout.at(0, 0), outside);
        for (int64_t row = first; row < last; ++row)
            std::fill(values + layout.at(row, layout.columns), values + layout.at(row + 1, 0), outside);
    }
}

void from_banded(const BandedLayout& layout, const BandedKernels& kernels, const float* planes, int64_t plane,
                 int64_t count, float* target, int64_t stride, int64_t first, int64_t last) {
    const int64_t lane_step = layout.rows * layout.row_nodes * stride;
    for_vectors(layout, first, last, [&](int64_t row, int64_t column) {
        kernels.scatter(planes + layout.at(row, column), plane, count, layout.lanes_in(row),
                        target + layout.node(row, column) * stride, lane_step);
    });
}

} // namespace lposs::cpu
