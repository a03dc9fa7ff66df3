#include "cpu/kernels/stencil.h"

#include "cpu/kernels/elementary.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

// A tile of `width` outputs by `planes` planes is summed in registers: each weight is loaded once for all planes, each
// value once for all outputs that it is a neighbour of. More planes rather than wider tiles, since what limits is the
// way of the weights from the second-level cache. Registers: width * planes sums, width weights, one value, two lane
// orders.
#if LPOSS_REGISTERS == 32
constexpr size_t most_planes = 11;
constexpr size_t tile_width(size_t planes) {
    return planes > 7 ? 2 : planes > 5 ? 3 : 4;
}
#else
constexpr size_t most_planes = 6;
constexpr size_t tile_width(size_t planes) {
    return planes > 3 ? 2 : 3;
}
#endif

/// Lane l of what is loaded is lane l + shift of what is stored.
LPOSS_INLINE IntVector lane_order(int32_t shift) {
    IntVector order;
    for (int l = 0; l < lanes; ++l) order[l] = (l + shift) & (lanes - 1);
    return order;
}

struct LaneOrders {
    IntVector values, weights;
};

template <bool shifted>
LPOSS_INLINE Vector load_in(const float* from, IntVector order) {
    const Vector v = load(from);
    if constexpr (shifted) return permute(v, order);
    return v;
}

/// Keeps a loaded value in its register. Left alone, GCC 12 loads it anew for each of its uses, and the loads become
/// the limit.
LPOSS_INLINE void keep(Vector& v) {
#if defined(__x86_64__)
    asm("" : "+v"(v));
#elif defined(__aarch64__)
    asm("" : "+w"(v));
#else
    (void)v;
#endif
}

/// One column of neighbours for the outputs [first, last] of the tile: output o uses it as its tap t - o.
template <bool shifted, size_t first, size_t last, size_t width, size_t planes>
LPOSS_INLINE void add_column(Vector (&sum)[width][planes], const float* const* p, int64_t at, const float* weights,
                             int64_t output_step, int64_t ahead, const LaneOrders& order) {
    Vector weight[last - first + 1];
    for (size_t o = first; o <= last; ++o) {
        const float* from = weights + static_cast<int64_t>(o) * output_step;
        weight[o - first] = load_in<shifted>(from, order.weights);
        keep(weight[o - first]);
        __builtin_prefetch(from + ahead, 0, 2);
    }
    for (size_t c = 0; c < planes; ++c) {
        Vector value = load_in<shifted>(p[c] + at, order.values);
        keep(value);
        for (size_t o = first; o <= last; ++o) sum[o][c] += weight[o - first] * value;
    }
}

template <bool shifted, size_t width, size_t planes>
LPOSS_INLINE void add_row(Vector (&sum)[width][planes], const StencilRow& row, const float* const* p, int64_t x) {
    const LaneOrders order = {lane_order(row.shift), lane_order(row.backward ? row.shift : 0)};
    // Output o of column x + t - o: one output further is one x_step on and one tap_step back.
    const int64_t output_step = row.x_step - row.tap_step;
    const float* weights = row.weights + x * row.x_step;
    int64_t at = row.values + x * lanes;
    const auto advance = [&] {
        weights += row.tap_step;
        at += lanes;
    };
    if constexpr (width > 1) {
        add_column<shifted, 0, 0>(sum, p, at, weights, output_step, row.ahead, order);
        advance();
    }
    if constexpr (width > 2) {
        add_column<shifted, 0, 1>(sum, p, at, weights, output_step, row.ahead, order);
        advance();
    }
    if constexpr (width > 3) {
        add_column<shifted, 0, 2>(sum, p, at, weights, output_step, row.ahead, order);
        advance();
    }
    for (auto t = static_cast<int32_t>(width - 1); t < row.taps; ++t) {
        add_column<shifted, 0, width - 1>(sum, p, at, weights, output_step, row.ahead, order);
        advance();
    }
    if constexpr (width > 3) {
        add_column<shifted, width - 3, width - 1>(sum, p, at, weights, output_step, row.ahead, order);
        advance();
    }
    if constexpr (width > 2) {
        add_column<shifted, width - 2, width - 1>(sum, p, at, weights, output_step, row.ahead, order);
        advance();
    }
    if constexpr (width > 1)
        add_column<shifted, width - 1, width - 1>(sum, p, at, weights, output_step, row.ahead, order);
}

template <bool shifted, size_t width, size_t planes>
LPOSS_INLINE void accumulate_tile(const StencilRow* rows, int32_t row_count, const float* const* p, float* const* q,
                                  int64_t x, bool from_zero) {
    Vector sum[width][planes];
    for (size_t o = 0; o < width; ++o)
        for (size_t c = 0; c < planes; ++c) sum[o][c] = from_zero ? Vector{} : load(q[c] + x * lanes + o * lanes);
    for (int32_t i = 0; i < row_count; ++i) add_row<shifted>(sum, rows[i], p, x);
    for (size_t o = 0; o < width; ++o)
        for (size_t c = 0; c < planes; ++c) store(q[c] + x * lanes + o * lanes, sum[o][c]);
}

template <bool shifted, size_t planes>
void accumulate_planes(const StencilRow* rows, int32_t row_count, const float* const* p, float* const* q, int64_t first,
                       int64_t last, bool from_zero) {
    constexpr size_t width = tile_width(planes);
    constexpr auto step = static_cast<int64_t>(width);
    const float* from[planes];
    float* to[planes];
    for (size_t c = 0; c < planes; ++c) {
        from[c] = p[c];
        to[c] = q[c];
    }
    bool wide = true; // does every row of neighbours reach from the first output of a tile to the last?
    for (int32_t i = 0; i < row_count; ++i) wide = wide && rows[i].taps >= step - 1;
    int64_t x = first;
    if (wide)
        for (; x + step <= last; x += step)
            accumulate_tile<shifted, width, planes>(rows, row_count, from, to, x, from_zero);
    for (; x < last; ++x) accumulate_tile<shifted, 1, planes>(rows, row_count, from, to, x, from_zero);
}

template <size_t planes>
void accumulate_rows(const StencilRow* rows, int32_t row_count, const float* const* p, float* const* q, int64_t first,
                     int64_t last, bool from_zero) {
    // Lanes are put in order by kernels of their own: the registers would not hold both ways.
    if (row_count > 0 && rows[0].shift != 0)
        accumulate_planes<true, planes>(rows, row_count, p, q, first, last, from_zero);
    else
        accumulate_planes<false, planes>(rows, row_count, p, q, first, last, from_zero);
}

void accumulate(const StencilRow* rows, int32_t row_count, const float* const* p, float* const* q, int32_t plane_count,
                int64_t first, int64_t last, bool from_zero) {
    switch (plane_count) {
    case 1:
        return accumulate_rows<1>(rows, row_count, p, q, first, last, from_zero);
    case 2:
        return accumulate_rows<2>(rows, row_count, p, q, first, last, from_zero);
    case 3:
        return accumulate_rows<3>(rows, row_count, p, q, first, last, from_zero);
    case 4:
        return accumulate_rows<4>(rows, row_count, p, q, first, last, from_zero);
    case 5:
        return accumulate_rows<5>(rows, row_count, p, q, first, last, from_zero);
    case 6:
        return accumulate_rows<6>(rows, row_count, p, q, first, last, from_zero);
#if LPOSS_REGISTERS == 32
    case 7:
        return accumulate_rows<7>(rows, row_count, p, q, first, last, from_zero);
    case 8:
        return accumulate_rows<8>(rows, row_count, p, q, first, last, from_zero);
    case 9:
        return accumulate_rows<9>(rows, row_count, p, q, first, last, from_zero);
    case 10:
        return accumulate_rows<10>(rows, row_count, p, q, first, last, from_zero);
    case 11:
        return accumulate_rows<11>(rows, row_count, p, q, first, last, from_zero);
#endif
    default:
        __builtin_unreachable();
    }
}

double finish(const float* p, float* q, int64_t count, float alpha) {
    DoubleVector sum = {};
    for (int64_t i = 0; i < count; i += lanes) {
        const Vector direction = load(p + i);
        const Vector product = direction - alpha * load(q + i);
        store(q + i, product);
        sum += to_double(direction) * to_double(product);
    }
    double total = 0.0;
    for (int l = 0; l < lanes; ++l) total += sum[l];
    return total;
}

} // namespace

extern const StencilKernels stencil_kernels;
const StencilKernels stencil_kernels = {most_planes, accumulate, finish};

} // namespace lposs::cpu::LPOSS_ISA
