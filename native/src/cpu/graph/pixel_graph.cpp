#include "cpu/graph/pixel_graph.h"

#include "core/checked_size.h"

#include <algorithm>
#include <limits>

namespace lposs::cpu {
namespace {

constexpr float no_colour = std::numeric_limits<float>::quiet_NaN();

int64_t taps_of(const BandedLayout& layout, int64_t row_distance) {
    return row_distance == 0 ? layout.column_radius : 2 * layout.column_radius + 1;
}

/// Vectors of a row's weights.
int64_t row_vectors(const BandedLayout& layout) {
    return layout.columns * (layout.column_radius + layout.row_radius * (2 * layout.column_radius + 1));
}

/// Vectors before and after the weights that may be read.
int64_t guard_vectors(const BandedLayout& layout) {
    return layout.column_radius * (2 * layout.column_radius + 1);
}

int64_t weight_floats(const BandedLayout& layout) {
    const int64_t vectors = checked_multiply(layout.rows, row_vectors(layout), "the weights of the pixel graph");
    return checked_multiply(vectors + 2 * guard_vectors(layout), layout.lanes, "the weights of the pixel graph");
}

/// Ordered pairs (i, j) along one side with 0 <= i, j < side and |i - j| <= radius.
int64_t pairs(int64_t side, int64_t radius) {
    const int64_t reach = std::min(radius, side - 1);
    return side * (2 * reach + 1) - reach * (reach + 1);
}

/// Planes of an image with row_radius rows more above and below.
class HaloPlanes {
public:
    HaloPlanes(const Workspace& work, const BandedLayout& layout, int count)
        : layout_(layout), halo_(layout.row_radius * layout.pitch * layout.lanes), size_(size(layout)),
          values_(work.buffer<float>(size_ * count)) {}

    static int64_t size(const BandedLayout& layout) {
        return layout.plane() + 2 * layout.row_radius * layout.pitch * layout.lanes;
    }

    /// Floats from one plane to the next.
    int64_t size() const { return size_; }
    float* plane(int index) const { return values_.data() + index * size_ + halo_; }

    /// Fills one of the rows outside [0, rows): there, lane l is lane l + shift of a row inside. With its margin on the
    /// right, which is that on the left of the next row; the first row has one on the left of its own. Reads rows
    /// inside alone, so that rows may be filled side by side.
    void fill_halo_row(int index, int64_t row, float outside) const {
        const int64_t shift = row < 0 ? -ceil_div(-row, layout_.rows) : row / layout_.rows;
        const int64_t inside = row - shift * layout_.rows;
        shift_lanes(index, inside, 0, row, 0, layout_.pitch, shift, outside);
        // All margins hold the same.
        const int64_t left = layout_.column_radius;
        if (row == -layout_.row_radius)
            shift_lanes(index, inside, layout_.pitch - left, row, -left, left, shift, outside);
    }

private:
    /// Vectors from one place of a plane to another, lane l from lane l + shift.
    void shift_lanes(int index, int64_t from_row, int64_t from_column, int64_t row, int64_t column, int64_t vectors,
                     int64_t shift, float outside) const {
        const float* source = plane(index) + layout_.at(from_row, from_column);
        float* target = plane(index) + layout_.at(row, column);
        for (int64_t v = 0; v < vectors; ++v)
            for (int lane = 0; lane < layout_.lanes; ++lane) {
                const int64_t from = lane + shift;
                target[v * layout_.lanes + lane] =
                    from >= 0 && from < layout_.lanes ? source[v * layout_.lanes + from] : outside;
            }
    }

    const BandedLayout& layout_;
    int64_t halo_, size_;
    Buffer<float> values_;
};

} // namespace

PixelGraph::PixelGraph(const Workspace& work, const BandedLayout& layout, int64_t edges)
    : layout_(layout), edges_(edges), weights_(work.buffer<float>(weight_floats(layout))) {
    const int64_t guard = guard_vectors(layout_) * layout_.lanes;
    std::fill_n(weights_.data(), guard, 0.0F);
    std::fill_n(weights_.data() + weights_.count() - guard, guard, 0.0F);
}

int64_t PixelGraph::taps(int64_t row_distance) const {
    return taps_of(layout_, row_distance);
}

int64_t PixelGraph::row_floats() const {
    return row_vectors(layout_) * layout_.lanes;
}

float* PixelGraph::weights(int64_t row, int64_t row_distance) const {
    int64_t vectors = guard_vectors(layout_) + row * row_vectors(layout_);
    if (row_distance > 0) vectors += layout_.columns * (taps(0) + (row_distance - 1) * taps(1));
    return weights_.data() + vectors * layout_.lanes;
}

std::unique_ptr<Graph> pixel_graph(const Workspace& work, const PixelGraphArguments& a) {
    const BandedLayout layout(a.size, a.options.radius, work.kernels.lanes);
    const int64_t edges = checked_multiply(pairs(a.size.height, a.options.radius),
                                           pairs(a.size.width, a.options.radius), "the edges of the pixel graph") -
                          a.size.pixels();
    auto graph = std::make_unique<PixelGraph>(work, layout, edges);

    const HaloPlanes planes(work, layout, 4);
    const int64_t floats = layout.pitch * layout.lanes;
    const auto row_at = [&](int64_t row) {
        return PixelRow{{planes.plane(0) + layout.at(row, 0), planes.plane(1) + layout.at(row, 0),
                         planes.plane(2) + layout.at(row, 0)},
                        planes.plane(3) + layout.at(row, 0),
                        layout.pitch,
                        layout.columns,
                        layout.row_radius,
                        layout.column_radius,
                        1.0F / a.options.tau};
    };
    const auto fill_halo = [&](int first, int last, float outside) {
        work.threads.run(2 * layout.row_radius, [&](int64_t index, int) {
            const int64_t row =
                index < layout.row_radius ? index - layout.row_radius : layout.rows + index - layout.row_radius;
            for (int plane = first; plane < last; ++plane) planes.fill_halo_row(plane, row, outside);
        });
    };

    work.threads.run(layout.rows, [&](int64_t row, int) {
        constexpr float unit[3] = {1.0F / 100.0F, 1.0F / 128.0F, 1.0F / 128.0F};
        to_banded(layout, work.kernels.banded, a.lab, 3, 3, planes.plane(0), planes.size(), row, row + 1, no_colour);
        for (int c = 0; c < 3; ++c) {
            float* values = planes.plane(c) + layout.at(row, 0);
            for (int64_t i = 0; i < floats; ++i) values[i] *= unit[c];
        }
    });
    fill_halo(0, 3, no_colour);

    float* scaling = planes.plane(3);
    work.threads.run(layout.rows, [&](int64_t row, int) {
        work.kernels.pixel_weights.scaling(row_at(row), scaling + layout.at(row, 0));
        if (row == 0) std::fill(scaling, scaling + layout.at(0, 0), 0.0F);
        std::fill(scaling + layout.at(row, layout.columns), scaling + layout.at(row + 1, 0), 0.0F);
    });
    fill_halo(3, 4, 0.0F);

    work.threads.run(layout.rows, [&](int64_t row, int) {
        for (int32_t distance = 0; distance <= layout.row_radius; ++distance)
            work.kernels.pixel_weights.weights(row_at(row), distance, graph->weights(row, distance));
    });
    return graph;
}

Cost pixel_graph_cost(const PixelGraphArguments& a) {
    const BandedLayout layout(a.size, a.options.radius, kernels().lanes);
    const int64_t planes = checked_multiply(HaloPlanes::size(layout), 4, "the pixel graph's scratch");
    constexpr auto rounding = static_cast<int64_t>(MemoryPool::alignment);
    return {buffer_bytes(weight_floats(layout), sizeof(float)) + rounding,
            buffer_bytes(planes, sizeof(float)) + rounding};
}

} // namespace lposs::cpu
