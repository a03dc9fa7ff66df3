#include "cpu/kernels/stencil.h"

#include "cpu/kernels/elementary.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

// A tile of `width` outputs by `planes` planes is summed in registers: each weight is loaded once for all
// planes, each value once for all outputs that it is a neighbour of. Registers: width * planes sums, planes
// values, one weight, two lane orders.
#if LPOSS_LANES == 16 || defined(__aarch64__)
constexpr size_t most_planes = 7; // 32 registers
constexpr size_t tile_width(size_t planes) {
    return planes > 5 ? 3 : 4;
}
#else
constexpr size_t most_planes = 4; // 16 registers
constexpr size_t tile_width(size_t planes) {
    return planes > 3 ? 2 : 3;
}
#endif

/// Lane l of the result is lane l + shift.
struct LaneOrder {
    IntVector source;
    explicit LaneOrder(int32_t shift) {
        for (int l = 0; l < lanes; ++l) source[l] = (l + shift) & (lanes - 1);
    }
};

template <bool shifted>
LPOSS_INLINE Vector load_in(const float* from, IntVector order) {
    const Vector v = load(from);
    if constexpr (shifted) return __builtin_shuffle(v, order);
    return v;
}

/// One column of neighbours for the outputs [first, last] of the tile: output o uses it as its tap t - o.
template <bool shifted, size_t first, size_t last, size_t width, size_t planes>
LPOSS_INLINE void add_column(Vector (&sum)[width][planes], const float* const* p, int64_t at,
                             const float* weights, int64_t output_step, IntVector value_order,
                             IntVector weight_order) {
    Vector value[planes];
    for (size_t c = 0; c < planes; ++c) value[c] = load_in<shifted>(p[c] + at, value_order);
    for (size_t o = first; o <= last; ++o) {
        const Vector weight = load_in<shifted>(weights + static_cast<int64_t>(o) * output_step, weight_order);
        for (size_t c = 0; c < planes; ++c) sum[o][c] += weight * value[c];
    }
}

template <bool shifted, size_t width, size_t planes>
LPOSS_INLINE void add_row(Vector (&sum)[width][planes], const StencilRow& row, const float* const* p,
                          int64_t x) {
    const IntVector value_order = LaneOrder(shifted ? row.shift : 0).source;
    const IntVector weight_order = LaneOrder(shifted && row.backward ? row.shift : 0).source;
    // Output o of column x + t - o: one output further is one x_step on and one tap_step back.
    const int64_t output_step = row.x_step - row.tap_step;
    const float* weights = row.weights + x * row.x_step;
    int64_t at = row.values + x * lanes;
    const auto advance = [&] {
        weights += row.tap_step;
        at += lanes;
    };
    if constexpr (width > 1) {
        add_column<shifted, 0, 0>(sum, p, at, weights, output_step, value_order, weight_order);
        advance();
    }
    if constexpr (width > 2) {
        add_column<shifted, 0, 1>(sum, p, at, weights, output_step, value_order, weight_order);
        advance();
    }
    if constexpr (width > 3) {
        add_column<shifted, 0, 2>(sum, p, at, weights, output_step, value_order, weight_order);
        advance();
    }
    for (auto t = static_cast<int32_t>(width - 1); t < row.taps; ++t) {
        add_column<shifted, 0, width - 1>(sum, p, at, weights, output_step, value_order, weight_order);
        advance();
    }
    if constexpr (width > 3) {
        add_column<shifted, width - 3, width - 1>(sum, p, at, weights, output_step, value_order,
                                                  weight_order);
        advance();
    }
    if constexpr (width > 2) {
        add_column<shifted, width - 2, width - 1>(sum, p, at, weights, output_step, value_order,
                                                  weight_order);
        advance();
    }
    if constexpr (width > 1)
        add_column<shifted, width - 1, width - 1>(sum, p, at, weights, output_step, value_order,
                                                  weight_order);
}

template <size_t width, size_t planes>
LPOSS_INLINE void accumulate_tile(const StencilRow* rows, int32_t row_count, const float* const* p,
                                  float* const* q, int64_t x, bool from_zero) {
    Vector sum[width][planes];
    for (size_t o = 0; o < width; ++o)
        for (size_t c = 0; c < planes; ++c)
            sum[o][c] = from_zero ? Vector{} : load(q[c] + x * lanes + o * lanes);
    for (int32_t i = 0; i < row_count; ++i) {
        if (rows[i].shift != 0)
            add_row<true>(sum, rows[i], p, x);
        else
            add_row<false>(sum, rows[i], p, x);
    }
    for (size_t o = 0; o < width; ++o)
        for (size_t c = 0; c < planes; ++c) store(q[c] + x * lanes + o * lanes, sum[o][c]);
}

template <size_t planes>
void accumulate_planes(const StencilRow* rows, int32_t row_count, const float* const* p, float* const* q,
                       int64_t first, int64_t last, bool from_zero) {
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
            accumulate_tile<width, planes>(rows, row_count, from, to, x, from_zero);
    for (; x < last; ++x) accumulate_tile<1, planes>(rows, row_count, from, to, x, from_zero);
}

void accumulate(const StencilRow* rows, int32_t row_count, const float* const* p, float* const* q,
                int32_t plane_count, int64_t first, int64_t last, bool from_zero) {
    switch (plane_count) {
    case 1:
        return accumulate_planes<1>(rows, row_count, p, q, first, last, from_zero);
    case 2:
        return accumulate_planes<2>(rows, row_count, p, q, first, last, from_zero);
    case 3:
        return accumulate_planes<3>(rows, row_count, p, q, first, last, from_zero);
    case 4:
        return accumulate_planes<4>(rows, row_count, p, q, first, last, from_zero);
#if LPOSS_LANES == 16 || defined(__aarch64__)
    case 5:
        return accumulate_planes<5>(rows, row_count, p, q, first, last, from_zero);
    case 6:
        return accumulate_planes<6>(rows, row_count, p, q, first, last, from_zero);
    case 7:
        return accumulate_planes<7>(rows, row_count, p, q, first, last, from_zero);
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
