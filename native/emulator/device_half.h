// __half and __half2: storage, conversions and arithmetic by intrinsics. There are no operators, since a + b on halves
// would round differently under nvcc's contraction.
#pragma once

namespace emulator {

/// The nearest half, ties to even, as bits.
template <class Real>
unsigned short round_to_half(Real value) {
    if (std::isnan(value)) return 0x7fff;
    const int sign = std::signbit(value) ? 0x8000 : 0;
    const Real magnitude = std::fabs(value);
    if (magnitude >= 65520) return static_cast<unsigned short>(sign | 0x7c00);
    int exponent = -14; // below 2^-14 halves are subnormal, spaced by 2^-24
    if (magnitude >= Real(1) / 16384) std::frexp(magnitude, &exponent), --exponent;
    const int spacing = exponent - 10;
    const int steps = static_cast<int>(std::nearbyint(std::ldexp(magnitude, -spacing)));
    return static_cast<unsigned short>(sign | (((spacing + 24) << 10) + steps));
}

inline float half_to_float(unsigned short bits) {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const float magnitude = exponent == 31  ? (fraction ? NAN : INFINITY)
                            : exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                                            : std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
    return bits & 0x8000 ? -magnitude : magnitude;
}

} // namespace emulator

struct __half {
    unsigned short bits;
    __half() = default;
    explicit __half(float value) : bits(emulator::round_to_half(value)) {}
    explicit operator float() const { return emulator::half_to_float(bits); }
};
struct alignas(4) __half2 {
    __half x, y;
};
using half = __half;
using half2 = __half2;

__forceinline__ __half __ushort_as_half(unsigned short bits) { return emulator::from_bits<__half>(bits); }
__forceinline__ unsigned short __half_as_ushort(__half h) { return h.bits; }
__forceinline__ __half __float2half(float f) { return __half(f); }
__forceinline__ __half __float2half_rn(float f) { return __half(f); }
__forceinline__ float __half2float(__half h) { return emulator::half_to_float(h.bits); }
__forceinline__ __half2 __halves2half2(__half low, __half high) { return {low, high}; }
__forceinline__ __half2 __half2half2(__half h) { return {h, h}; }
__forceinline__ __half2 __float2half2_rn(float f) { return {__half(f), __half(f)}; }
__forceinline__ __half2 __floats2half2_rn(float low, float high) { return {__half(low), __half(high)}; }
__forceinline__ __half2 __float22half2_rn(float2 f) { return {__half(f.x), __half(f.y)}; }
__forceinline__ float2 __half22float2(__half2 h) { return {__half2float(h.x), __half2float(h.y)}; }
__forceinline__ __half __low2half(__half2 h) { return h.x; }
__forceinline__ __half __high2half(__half2 h) { return h.y; }
__forceinline__ float __low2float(__half2 h) { return __half2float(h.x); }
__forceinline__ float __high2float(__half2 h) { return __half2float(h.y); }

// Sums and products of two halves are exact in double, a product plus a half in long double (64 bits), so each of these
// rounds once.
__forceinline__ __half __hadd(__half a, __half b) {
    return __ushort_as_half(emulator::round_to_half(double(float(a)) + double(float(b))));
}
__forceinline__ __half __hsub(__half a, __half b) {
    return __ushort_as_half(emulator::round_to_half(double(float(a)) - double(float(b))));
}
__forceinline__ __half __hmul(__half a, __half b) {
    return __ushort_as_half(emulator::round_to_half(double(float(a)) * double(float(b))));
}
__forceinline__ __half __hfma(__half a, __half b, __half c) {
    return __ushort_as_half(emulator::round_to_half(static_cast<long double>(float(a)) * float(b) + float(c)));
}
__forceinline__ __half __hmax(__half a, __half b) { return __half(std::fmax(float(a), float(b))); }
__forceinline__ __half __hmin(__half a, __half b) { return __half(std::fmin(float(a), float(b))); }
__forceinline__ bool __hgt(__half a, __half b) { return float(a) > float(b); }
__forceinline__ bool __hlt(__half a, __half b) { return float(a) < float(b); }
__forceinline__ __half2 __hadd2(__half2 a, __half2 b) { return {__hadd(a.x, b.x), __hadd(a.y, b.y)}; }
__forceinline__ __half2 __hsub2(__half2 a, __half2 b) { return {__hsub(a.x, b.x), __hsub(a.y, b.y)}; }
__forceinline__ __half2 __hmul2(__half2 a, __half2 b) { return {__hmul(a.x, b.x), __hmul(a.y, b.y)}; }
__forceinline__ __half2 __hfma2(__half2 a, __half2 b, __half2 c) {
    return {__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)};
}
