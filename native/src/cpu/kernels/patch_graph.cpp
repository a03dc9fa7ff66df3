#include "cpu/kernels/patch_graph.h"

#include "cpu/kernels/elementary.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

// x^exponent: small whole exponents by multiplication, which is many times quicker.
LPOSS_INLINE Vector raise(Vector x, float exponent) {
    const int whole = exponent >= 1.0F && exponent <= 64.0F ? static_cast<int>(exponent) : 0;
    if (static_cast<float>(whole) != exponent) return power(x, exponent);
    Vector product = whole & 1 ? x : broadcast(1.0F);
    for (int rest = whole >> 1; rest > 0; rest >>= 1) {
        x *= x;
        if (rest & 1) product *= x;
    }
    return minimum(product,
                   broadcast(1.7e38F)); // as power() has it: no infinity that a factor of 0 turns into NaN
}

// Weights times 2^90: S does not change, and a patch far from all others still has a degree that float can hold.
constexpr int headroom = 90;
constexpr float smallest_normal = 1.17549435e-38F;

LPOSS_INLINE Vector weigh_vector(Vector similarity, Vector dy, Vector dx, float gamma, float sigma,
                                 float distance_power) {
    const Vector square = dy * dy + dx * dx;
    const Vector distance = distance_power == 1.0F ? square_root(square) : raise(square, 0.5F * distance_power);
    const Vector weight = raise(maximum(similarity, Vector{}), gamma) * exponential(-sigma * distance, headroom);
    return weight < smallest_normal ? Vector{} : weight; // so that products of two scales stay finite
}

void weigh(float* similarities, const int32_t* columns, int64_t count, const float* centres_y, const float* centres_x,
           float y, float x, float gamma, float sigma, float distance_power) {
    for (int64_t first = 0; first < count; first += lanes) {
        const int64_t present = count - first < lanes ? count - first : lanes;
        Vector similarity = {}, dy = {}, dx = {};
        for (int64_t l = 0; l < present; ++l) {
            similarity[l] = similarities[first + l];
            dy[l] = centres_y[columns[first + l]] - y;
            dx[l] = centres_x[columns[first + l]] - x;
        }
        const Vector weight = weigh_vector(similarity, dy, dx, gamma, sigma, distance_power);
        for (int64_t l = 0; l < present; ++l) similarities[first + l] = weight[l];
    }
}

void measure(float* row, int64_t n, int64_t* count, double* sum) {
    IntVector zeros = {};
    DoubleVector sums = {};
    for (int64_t j = 0; j < n; j += lanes) {
        const Vector w = load(row + j);
        zeros += w == 0.0F;
        sums += to_double(w);
        store(row + j, Vector{});
    }
    int64_t found = (n + lanes - 1) / lanes * lanes;
    double total = 0.0;
    for (int l = 0; l < lanes; ++l) {
        found += zeros[l];
        total += sums[l];
    }
    *count = found;
    *sum = total;
}

int64_t compress(float* row, int64_t n, float scale, const float* scales, int32_t* columns, float* weights) {
    int64_t written = 0;
#if LPOSS_LANES == 16
    __m512i column = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (int64_t j = 0; j < n; j += lanes) {
        const Vector w = load(row + j);
        const __mmask16 kept = _mm512_cmp_ps_mask(w, _mm512_setzero_ps(), _CMP_NEQ_UQ);
        _mm512_storeu_ps(weights + written, _mm512_maskz_compress_ps(kept, w * (scale * load(scales + j))));
        _mm512_storeu_si512(columns + written, _mm512_maskz_compress_epi32(kept, column));
        written += __builtin_popcount(kept);
        store(row + j, Vector{});
        column = _mm512_add_epi32(column, _mm512_set1_epi32(lanes));
    }
#else
    for (int64_t j = 0; j < n; ++j) {
        weights[written] = row[j] * (scale * scales[j]);
        columns[written] = static_cast<int32_t>(j);
        written += row[j] != 0.0F;
        row[j] = 0.0F;
    }
#endif
    return written;
}

} // namespace

extern const PatchGraphKernels patch_graph_kernels;
const PatchGraphKernels patch_graph_kernels = {weigh, measure, compress};

} // namespace lposs::cpu::LPOSS_ISA
