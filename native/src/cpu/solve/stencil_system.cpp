#include "cpu/solve/stencil_system.h"

#include "core/checked_size.h"
#include "cpu/solve/neighbour_rows.h"

#include <algorithm>
#include <array>

namespace lposs::cpu {
namespace {

// Tiles of the product: strips of columns, whose values and weights stay in the second-level cache from one row to the
// next.
constexpr int64_t strip_columns = 32;
constexpr int64_t strip_rows = 64;

// Vectors of one task of an update, about.
constexpr int64_t update_vectors = 2048;

constexpr size_t most_planes = 16; // of any instruction set

/// Whole rows, margins included, so that a tile of a plane is contiguous. The tiling must not depend on the number of
/// threads, since sums are made per tile.
struct RowTiles {
    explicit RowTiles(const BandedLayout& of)
        : layout(of), rows(std::max<int64_t>(update_vectors / of.pitch, 1)), count(ceil_div(of.rows, rows)) {}

    int64_t first(int64_t tile) const { return tile * rows; }
    int64_t last(int64_t tile) const { return std::min((tile + 1) * rows, layout.rows); }
    int64_t at(int64_t tile) const { return layout.at(first(tile), 0); }
    int64_t floats(int64_t tile) const { return (last(tile) - first(tile)) * layout.pitch * layout.lanes; }

    const BandedLayout& layout;
    int64_t rows;
    int64_t count;
};

/// sums[i] = sum over tiles of partial[tile][i], in order.
void add_tiles(const std::vector<double>& partial, size_t width, double* sums) {
    std::fill_n(sums, width, 0.0);
    for (size_t i = 0; i < partial.size(); ++i) sums[i % width] += partial[i];
}

} // namespace

StencilSystem::StencilSystem(const Workspace& work, const PixelGraph& graph, const PropagateArguments& a, int64_t first,
                             int64_t count)
    : work_(work), graph_(graph), layout_(graph.layout()), alpha_(a.options.alpha), y_(a.y + first),
      solution_(a.x + first), stride_(a.columns), count_(count), x_(work.buffer<float>(count * layout_.plane())),
      r_(work.buffer<float>(count * layout_.plane())), p_(work.buffer<float>(count * layout_.plane())),
      q_(work.buffer<float>(count * layout_.plane())), steps_(static_cast<size_t>(count), 0),
      a_(static_cast<size_t>(count), 0.0F) {}

int64_t StencilSystem::scratch(const BandedLayout& layout, int64_t count) {
    const int64_t floats = checked_multiply(count, layout.plane(), "the vectors of the pixel step");
    return 4 * (buffer_bytes(floats, sizeof(float)) + static_cast<int64_t>(MemoryPool::alignment));
}

void StencilSystem::start(double* rr) {
    const RowTiles tiles(layout_);
    const auto columns = static_cast<size_t>(count_);
    std::vector<double> partial(static_cast<size_t>(tiles.count) * columns);
    work_.threads.run(tiles.count, [&](int64_t tile, int) {
        to_banded(layout_, work_.kernels.banded, y_, stride_, count_, r_.data(), layout_.plane(), tiles.first(tile),
                  tiles.last(tile), 0.0F);
        // The margins are part of every update; they must be zero in q as well, which the product does not write.
        for (int64_t c = 0; c < count_; ++c) {
            const int64_t at = tiles.at(tile), margin = tile == 0 ? at : 0;
            const float* r = plane(r_, c) + at;
            std::copy(r - margin, r + tiles.floats(tile), plane(p_, c) + at - margin);
            for (int64_t row = tiles.first(tile); row < tiles.last(tile); ++row)
                std::fill(plane(q_, c) + layout_.at(row, layout_.columns), plane(q_, c) + layout_.at(row + 1, 0), 0.0F);
            partial[static_cast<size_t>(tile * count_ + c)] = work_.kernels.descent.square(r, tiles.floats(tile));
        }
    });
    add_tiles(partial, columns, rr);
}

void StencilSystem::apply(const std::vector<int32_t>& active, const float* b, double* pq) {
    turn(active, b);
    multiply(active, pq);
}

void StencilSystem::turn(const std::vector<int32_t>& active, const float* b) {
    const RowTiles tiles(layout_);
    const auto columns = static_cast<int64_t>(active.size());
    work_.threads.run(tiles.count * columns, [&](int64_t task, int) {
        const int32_t c = active[static_cast<size_t>(task / tiles.count)];
        const auto k = static_cast<size_t>(c);
        if (steps_[k] == 0) return; // p is r already
        const int64_t tile = task % tiles.count, at = tiles.at(tile);
        work_.kernels.descent.turn(plane(x_, c) + at, plane(p_, c) + at, plane(r_, c) + at, tiles.floats(tile), a_[k],
                                   b[k], steps_[k] == 1);
    });
}

void StencilSystem::multiply_row(const std::vector<int32_t>& active, int64_t row, int64_t first, int64_t last,
                                 double* pq) {
    const StencilKernels& kernels = work_.kernels.stencil;
    NeighbourRows rows = neighbour_rows(graph_, row);
    const auto columns = static_cast<int64_t>(active.size());
    const int64_t blocks = ceil_div(columns, kernels.planes), origin = layout_.at(row, 0);
    size_t group = 0;
    do { // once at least, so that q is written where there are no neighbours
        const size_t end = rows.group_end(group);
        for (int64_t block = 0; block < blocks; ++block) {
            const int64_t begin = columns * block / blocks, count = columns * (block + 1) / blocks - begin;
            std::array<const float*, most_planes> p{};
            std::array<float*, most_planes> q{};
            for (int64_t i = 0; i < count; ++i) {
                const int32_t c = active[static_cast<size_t>(begin + i)];
                p[static_cast<size_t>(i)] = plane(p_, c) + origin;
                q[static_cast<size_t>(i)] = plane(q_, c) + origin;
            }
            kernels.accumulate(&rows.row[group], static_cast<int32_t>(end - group), p.data(), q.data(),
                               static_cast<int32_t>(count), first, last, group == 0);
            for (size_t i = group; i < end; ++i) rows.row[i].ahead = 0; // once is enough
        }
        group = end;
    } while (group < rows.count);
    const int64_t at = origin + first * layout_.lanes, floats = (last - first) * layout_.lanes;
    for (int64_t i = 0; i < columns; ++i) {
        const int32_t c = active[static_cast<size_t>(i)];
        pq[i] += kernels.finish(plane(p_, c) + at, plane(q_, c) + at, floats, alpha_);
    }
}

void StencilSystem::multiply(const std::vector<int32_t>& active, double* pq) {
    const int64_t strips = ceil_div(layout_.columns, strip_columns), chunks = ceil_div(layout_.rows, strip_rows);
    const size_t width = active.size();
    std::vector<double> partial(static_cast<size_t>(strips * chunks) * width, 0.0), sums(width);
    work_.threads.run(strips * chunks, [&](int64_t tile, int) {
        const int64_t strip = tile % strips, chunk = tile / strips;
        const int64_t first = strip * strip_columns, last = std::min(first + strip_columns, layout_.columns);
        const int64_t end = std::min((chunk + 1) * strip_rows, layout_.rows);
        for (int64_t row = chunk * strip_rows; row < end; ++row)
            multiply_row(active, row, first, last, partial.data() + static_cast<size_t>(tile) * width);
    });
    add_tiles(partial, width, sums.data());
    for (size_t i = 0; i < width; ++i) pq[active[i]] = sums[i];
}

void StencilSystem::descend(const std::vector<int32_t>& active, const float* a, double* rr) {
    const RowTiles tiles(layout_);
    const auto columns = static_cast<int64_t>(active.size());
    std::vector<double> partial(static_cast<size_t>(tiles.count * columns)), sums(active.size());
    work_.threads.run(tiles.count * columns, [&](int64_t task, int) {
        const int64_t i = task / tiles.count, tile = task % tiles.count, at = tiles.at(tile);
        const int32_t c = active[static_cast<size_t>(i)];
        partial[static_cast<size_t>(tile * columns + i)] =
            work_.kernels.descent.descend(plane(r_, c) + at, plane(q_, c) + at, tiles.floats(tile), a[c]);
    });
    add_tiles(partial, active.size(), sums.data());
    for (size_t i = 0; i < active.size(); ++i) {
        const auto c = static_cast<size_t>(active[i]);
        rr[c] = sums[i];
        a_[c] = a[c];
        ++steps_[c];
    }
}

void StencilSystem::finish() {
    const RowTiles tiles(layout_);
    work_.threads.run(tiles.count, [&](int64_t tile, int) {
        const int64_t at = tiles.at(tile), floats = tiles.floats(tile);
        for (int64_t c = 0; c < count_; ++c) {
            const auto k = static_cast<size_t>(c);
            if (steps_[k] == 0)
                std::fill_n(plane(x_, c) + at, floats, 0.0F);
            else
                work_.kernels.descent.advance(plane(x_, c) + at, plane(p_, c) + at, floats, a_[k], steps_[k] == 1);
        }
        from_banded(layout_, work_.kernels.banded, x_.data(), layout_.plane(), count_, solution_, stride_,
                    tiles.first(tile), tiles.last(tile));
    });
}

} // namespace lposs::cpu
