// Elementary functions on vectors, for files in kernels/ only.
//
// exponential: relative error below 2e-7 (argument reduction by ln 2, degree-6 minimax polynomial; 3e-9 without
// rounding). power: logarithm in double, so that a large exponent does not magnify its error; below 3e-7.
#pragma once

#include "cpu/kernels/simd.h"

namespace lposs::cpu::LPOSS_ISA {

typedef double DoubleVector __attribute__((vector_size(LPOSS_LANES * 8)));
typedef int64_t LongVector __attribute__((vector_size(LPOSS_LANES * 8)));

LPOSS_INLINE DoubleVector to_double(Vector v) {
    return __builtin_convertvector(v, DoubleVector);
}

LPOSS_INLINE Vector square_root(Vector v) {
#if LPOSS_LANES == 16
    return reinterpret_cast<Vector>(_mm512_maskz_sqrt_ps(0xFFFF, v)); // the plain form warns of itself in GCC 12
#elif LPOSS_LANES == 8
    return reinterpret_cast<Vector>(_mm256_sqrt_ps(v));
#elif defined(__SSE2__)
    return reinterpret_cast<Vector>(_mm_sqrt_ps(v));
#elif defined(__aarch64__)
    return reinterpret_cast<Vector>(vsqrtq_f32(v));
#else
    for (int i = 0; i < lanes; ++i) v[i] = __builtin_sqrtf(v[i]);
    return v;
#endif
}

LPOSS_INLINE Vector minimum(Vector a, Vector b) {
    return a < b ? a : b;
}
LPOSS_INLINE Vector maximum(Vector a, Vector b) {
    return a > b ? a : b;
}

/// 2^n for whole n in [-126, 127].
LPOSS_INLINE Vector power_of_two(IntVector n) {
    return reinterpret_cast<Vector>((n + 127) << 23);
}

/// e^f for |f| <= ln(2) / 2.
LPOSS_INLINE Vector exponential_near_zero(Vector f) {
    Vector p = broadcast(1.3814598573e-3F);
    p = p * f + 8.3687168786e-3F;
    p = p * f + 4.1668388047e-2F;
    p = p * f + 1.6666520632e-1F;
    p = p * f + 4.9999993448e-1F;
    p = p * f + 1.0F;
    return p * f + 1.0F;
}

/// 2^headroom e^x, headroom from 0 to 126; 0 where that is below the smallest normal number, clamped to 2^126 where it
/// is above.
LPOSS_INLINE Vector exponential(Vector x, int headroom = 0) {
    constexpr float ln_2 = 0.693147181F;
    const float lowest = -ln_2 * static_cast<float>(126 + headroom);
    const float highest = ln_2 * static_cast<float>(126 - headroom);
    const Vector clamped = minimum(maximum(x, broadcast(lowest)), broadcast(highest));
    constexpr float round_to_whole = 12582912.0F; // 1.5 * 2^23: adding it leaves no bits for a fraction
    const Vector shifted = clamped * 1.44269504F + round_to_whole;
    const Vector n = shifted - round_to_whole;
    const Vector f = (clamped - n * 0.693359375F) + n * 2.12194440e-4F; // ln 2 in two parts
    const IntVector whole = __builtin_convertvector(n, IntVector) + headroom;
    const Vector value = exponential_near_zero(f) * power_of_two(whole);
    return x < lowest ? Vector{} : value;
}

/// x^exponent for x >= 0 and exponent > 0; 0 below the smallest normal number, clamped to 2^127 above.
LPOSS_INLINE Vector power(Vector x, float exponent) {
    // x = 2^e m with m in [sqrt(1/2), sqrt(2)), log2(m) = 2 / ln(2) * artanh((m - 1) / (m + 1))
    const IntVector bits = reinterpret_cast<IntVector>(x);
    const IntVector e = (bits - 0x3F3504F3) >> 23;
    const DoubleVector m = to_double(reinterpret_cast<Vector>(bits - (e << 23)));
    const DoubleVector s = (m - 1.0) / (m + 1.0);
    const DoubleVector t = s * s;
    DoubleVector series = t * (1.0 / 11.0) + 1.0 / 9.0;
    series = series * t + 1.0 / 7.0;
    series = series * t + 1.0 / 5.0;
    series = series * t + 1.0 / 3.0;
    series = series * t + 1.0;
    const DoubleVector logarithm =
        __builtin_convertvector(e, DoubleVector) + s * series * 2.8853900817779268; // 2 / ln 2

    DoubleVector y = logarithm * static_cast<double>(exponent);
    y = y < 127.0 ? y : DoubleVector{} + 127.0;
    const LongVector vanishes = y < -126.0;
    y = vanishes ? DoubleVector{} - 126.0 : y;
    constexpr double round_to_whole = 6755399441055744.0; // 1.5 * 2^52
    const DoubleVector n = (y + round_to_whole) - round_to_whole;
    const Vector f = __builtin_convertvector((y - n) * 0.6931471805599453, Vector);
    const Vector value = exponential_near_zero(f) * power_of_two(__builtin_convertvector(n, IntVector));
    const IntVector zero = (x < 1.17549435e-38F) | __builtin_convertvector(vanishes, IntVector);
    return zero ? Vector{} : value;
}

} // namespace lposs::cpu::LPOSS_ISA
