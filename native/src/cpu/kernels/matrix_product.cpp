// One register tile: `tile_rows` rows of A, broadcast, times `tile_vectors` panels of B. Both come from the same packed
// layout, so that F F^T needs one packed copy of F. The tile is chosen so that accumulators, B and one broadcast fill
// the registers: 8 x 3 vectors of 32, 4 x 3 of 16.
#include "cpu/kernels/matrix_product.h"

#include "cpu/kernels/simd.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

constexpr int tile_rows = lanes == 16 ? 8 : 4;
constexpr int tile_vectors = 3;

// Features per stretch: a stretch of three panels stays in the first two cache levels, and short sums round less.
constexpr int64_t stretch = 256;

// Adds rows [row, row + tile_rows) of a panel of A times `vectors` panels of B to `product`, or stores them.
template <int vectors>
LPOSS_INLINE void multiply_tile(const float* a, const float* b, int64_t b_stride, int64_t depth, bool first,
                                float* product, int64_t stride) {
    Vector sum[tile_rows][vectors] = {};
    for (int64_t d = 0; d < depth; ++d) {
        Vector column[vectors];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) column[v] = load(b + v * b_stride + d * lanes);
#pragma GCC unroll 8
        for (int r = 0; r < tile_rows; ++r) {
            const Vector row = broadcast(a[d * lanes + r]);
#pragma GCC unroll 4
            for (int v = 0; v < vectors; ++v) sum[r][v] += row * column[v];
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < tile_rows; ++r)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            float* out = product + r * stride + v * lanes;
            store(out, first ? sum[r][v] : load(out) + sum[r][v]);
        }
}

// All rows of A times `vectors` panels of B.
template <int vectors>
LPOSS_INLINE void multiply_column(const float* a, int64_t a_panels, const float* b, int64_t column, int64_t depth,
                                  int64_t begin, bool upper, float* product, int64_t stride) {
    const int64_t span = depth - begin < stretch ? depth - begin : stretch;
    const int64_t end_column = (column + vectors) * lanes;
    const float* panels = b + (column * depth + begin) * lanes;
    for (int64_t panel = 0; panel < a_panels; ++panel)
        for (int row = 0; row < lanes; row += tile_rows) {
            const int64_t first_row = panel * lanes + row;
            if (upper && end_column <= first_row) return;
            multiply_tile<vectors>(a + (panel * depth + begin) * lanes + row, panels, depth * lanes, span, begin == 0,
                                   product + first_row * stride + column * lanes, stride);
        }
}

void multiply(const float* a, int64_t a_panels, const float* b, int64_t b_panels, int64_t depth, bool upper,
              float* product, int64_t stride) {
    int64_t begin = 0;
    do { // once without features, for the zeros
        int64_t column = 0;
        for (; column + tile_vectors <= b_panels; column += tile_vectors)
            multiply_column<tile_vectors>(a, a_panels, b, column, depth, begin, upper, product, stride);
        if (b_panels - column == 2) multiply_column<2>(a, a_panels, b, column, depth, begin, upper, product, stride);
        if (b_panels - column == 1) multiply_column<1>(a, a_panels, b, column, depth, begin, upper, product, stride);
        begin += stretch;
    } while (begin < depth);
}

// The first and the second half of the elements of a and b, taken in turns.
#if LPOSS_LANES == 16
LPOSS_INLINE Vector interleave_low(Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
LPOSS_INLINE Vector interleave_high(Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
#elif LPOSS_LANES == 8
LPOSS_INLINE Vector interleave_low(Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
LPOSS_INLINE Vector interleave_high(Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
#else
LPOSS_INLINE Vector interleave_low(Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 0, 4, 1, 5);
}
LPOSS_INLINE Vector interleave_high(Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 2, 6, 3, 7);
}
#endif

// A square of lanes x lanes, transposed in log2(lanes) rounds: each round interleaves row i with row i + lanes / 2.
LPOSS_INLINE void transpose_square(const float* source, int64_t source_stride, float* target, int64_t target_stride) {
    Vector rows[lanes];
#pragma GCC unroll 16
    for (int i = 0; i < lanes; ++i) rows[i] = load_unaligned(source + i * source_stride);
#pragma GCC unroll 4
    for (int round = 1; round < lanes; round *= 2) {
        Vector next[lanes];
#pragma GCC unroll 8
        for (int i = 0; i < lanes / 2; ++i) {
            next[2 * i] = interleave_low(rows[i], rows[i + lanes / 2]);
            next[2 * i + 1] = interleave_high(rows[i], rows[i + lanes / 2]);
        }
#pragma GCC unroll 16
        for (int i = 0; i < lanes; ++i) rows[i] = next[i];
    }
#pragma GCC unroll 16
    for (int i = 0; i < lanes; ++i) store(target + i * target_stride, rows[i]);
}

void transpose(const float* source, int64_t source_stride, int64_t rows, int64_t columns, float* target,
               int64_t target_stride) {
    for (int64_t column = 0; column < columns; column += lanes)
        for (int64_t row = 0; row < rows; row += lanes)
            transpose_square(source + row * source_stride + column, source_stride,
                             target + column * target_stride + row, target_stride);
}

void pack(const float* rows, int64_t count, int64_t depth, float* panels) {
    for (int64_t first = 0; first < count; first += lanes, panels += depth * lanes) {
        const int64_t present = count - first < lanes ? count - first : lanes;
        const float* source = rows + first * depth;
        int64_t d = 0;
        if (present == lanes)
            for (; d + lanes <= depth; d += lanes) transpose_square(source + d, depth, panels + d * lanes, lanes);
        for (; d < depth; ++d)
            for (int r = 0; r < lanes; ++r) panels[d * lanes + r] = r < present ? source[r * depth + d] : 0.0F;
    }
}

} // namespace

extern const MatrixProductKernels matrix_product_kernels;
const MatrixProductKernels matrix_product_kernels = {lanes, pack, multiply, transpose};

} // namespace lposs::cpu::LPOSS_ISA
