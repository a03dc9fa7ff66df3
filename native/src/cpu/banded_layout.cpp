#include "cpu/banded_layout.h"

#include "checked_size.h"

#include <algorithm>

namespace lposs::cpu {

BandedLayout::BandedLayout(int64_t height, int64_t width, int32_t radius, int lane_count)
    : lanes(lane_count), length(std::max(height, width)), rows(ceil_div(length, lane_count)),
      columns(std::min(height, width)) {
    row_radius = static_cast<int32_t>(std::min<int64_t>(radius, length - 1));
    column_radius = static_cast<int32_t>(std::min<int64_t>(radius, columns - 1));
    pitch = columns + column_radius;
    row_nodes = height >= width ? width : 1;
    column_nodes = height >= width ? 1 : width;
}

int BandedLayout::lanes_in(int64_t row) const {
    return static_cast<int>(std::clamp<int64_t>(ceil_div(length - row, rows), 0, lanes));
}

void to_banded(const BandedLayout& layout, const float* source, int64_t stride, int64_t count,
               float* const* planes, int64_t first, int64_t last, float outside) {
    const int64_t lane_step = layout.rows * layout.row_nodes * stride;
    for (int64_t row = first; row < last; ++row) {
        const int inside = layout.lanes_in(row);
        for (int64_t column = 0; column < layout.columns; ++column) {
            const float* pixel = source + layout.node(row, column) * stride;
            const int64_t at = layout.at(row, column);
            for (int64_t c = 0; c < count; ++c) {
                float* vector = planes[c] + at;
                for (int lane = 0; lane < inside; ++lane) vector[lane] = pixel[lane * lane_step + c];
                for (int lane = inside; lane < layout.lanes; ++lane) vector[lane] = outside;
            }
        }
        for (int64_t c = 0; c < count; ++c) {
            if (row == 0) std::fill(planes[c], planes[c] + layout.at(0, 0), outside);
            std::fill(planes[c] + layout.at(row, layout.columns), planes[c] + layout.at(row + 1, 0), outside);
        }
    }
}

void from_banded(const BandedLayout& layout, const float* const* planes, int64_t count, float* target,
                 int64_t stride, int64_t first, int64_t last) {
    const int64_t lane_step = layout.rows * layout.row_nodes * stride;
    for (int64_t row = first; row < last; ++row) {
        const int inside = layout.lanes_in(row);
        for (int64_t column = 0; column < layout.columns; ++column) {
            float* pixel = target + layout.node(row, column) * stride;
            const int64_t at = layout.at(row, column);
            for (int lane = 0; lane < inside; ++lane)
                for (int64_t c = 0; c < count; ++c) pixel[lane * lane_step + c] = planes[c][at + lane];
        }
    }
}

} // namespace lposs::cpu
