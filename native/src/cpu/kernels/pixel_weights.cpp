#include "cpu/kernels/pixel_weights.h"

#include "cpu/kernels/elementary.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

// Weights times 2^90: a pixel far from all its neighbours in colour still has a degree that float can hold, up to a
// distance of 1.5 at the default tau (black to white is 1), and 961 equal neighbours are far from overflow.
constexpr float headroom = 90.0F;
constexpr float smallest = -126.0F;

/// 2^(headroom - a) for a >= 0; 0 where that is less than the smallest normal float and where a is NaN. The polynomial
/// is the minimax one of 2^f on [-1/2, 1/2]; relative error 2e-8 before rounding.
LPOSS_INLINE Vector scaled_exp2(Vector a) {
    const Vector exponent = headroom - a;
    const Vector magic = broadcast(12582912.0F); // 1.5 * 2^23: adding it rounds to an integer
    const Vector shifted = exponent + magic;
    const Vector f = exponent - (shifted - magic);
    Vector power = broadcast(1.5353362e-4F);
    power = power * f + 1.3398874e-3F;
    power = power * f + 9.6184370e-3F;
    power = power * f + 5.5503324e-2F;
    power = power * f + 2.4022648e-1F;
    power = power * f + 6.9314720e-1F;
    power = power * f + 1.0F;
    const IntVector bits = reinterpret_cast<IntVector>(power) + (reinterpret_cast<IntVector>(shifted) << 23);
    return reinterpret_cast<Vector>(bits & (exponent >= smallest));
}

struct Colour {
    Vector l, a, b;
};

LPOSS_INLINE Colour colour_at(const PixelRow& row, int64_t at) {
    return {load(row.lab[0] + at), load(row.lab[1] + at), load(row.lab[2] + at)};
}

LPOSS_INLINE Vector weight(const Colour& i, const Colour& j, float scale) {
    const Vector l = i.l - j.l, a = i.a - j.a, b = i.b - j.b;
    return scaled_exp2(square_root(l * l + a * a + b * b) * scale);
}

constexpr float log2_e = 1.44269504F;

void scaling(const PixelRow& row, float* result) {
    const float scale = row.inverse_tau * log2_e;
    for (int64_t column = 0; column < row.columns; ++column) {
        const Colour centre = colour_at(row, column * lanes);
        Vector degree = {};
        for (int64_t dy = -row.row_radius; dy <= row.row_radius; ++dy) {
            const int64_t middle = (dy * row.pitch + column) * lanes;
            for (int64_t dx = -row.column_radius; dx < 0; ++dx)
                degree += weight(centre, colour_at(row, middle + dx * lanes), scale);
            if (dy != 0) degree += weight(centre, colour_at(row, middle), scale);
            for (int64_t dx = 1; dx <= row.column_radius; ++dx)
                degree += weight(centre, colour_at(row, middle + dx * lanes), scale);
        }
        const Vector inverse = 1.0F / square_root(degree);
        store(result + column * lanes,
              reinterpret_cast<Vector>(reinterpret_cast<IntVector>(inverse) & (degree > 0.0F)));
    }
}

void weights(const PixelRow& row, int32_t row_distance, float* result) {
    const float scale = row.inverse_tau * log2_e;
    const int64_t first = row_distance == 0 ? 1 : -row.column_radius;
    for (int64_t column = 0; column < row.columns; ++column) {
        const Colour centre = colour_at(row, column * lanes);
        const Vector own = load(row.scaling + column * lanes);
        const int64_t middle = (row_distance * row.pitch + column) * lanes;
        for (int64_t dx = first; dx <= row.column_radius; ++dx, result += lanes) {
            const int64_t at = middle + dx * lanes;
            const Vector s = weight(centre, colour_at(row, at), scale) * own * load(row.scaling + at);
            // What is too small to matter is 0 rather than a denormal number, which some processors multiply slowly.
            store(result, reinterpret_cast<Vector>(reinterpret_cast<IntVector>(s) & (s > 1e-30F)));
        }
    }
}

} // namespace

extern const PixelWeightKernels pixel_weight_kernels;
const PixelWeightKernels pixel_weight_kernels = {scaling, weights};

} // namespace lposs::cpu::LPOSS_ISA
