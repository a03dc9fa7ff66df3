// Intrinsics on numbers and bits, min and max, cached loads and stores. expf, sqrtf, fmaf, fminf ... come from <cmath>.
// The approximate intrinsics are computed through double: as good as the device's, never the same bits.
#pragma once

// ---------------------------------------------------------------------------- memory

#define EMULATOR_LOAD(name)                                                                                            \
    template <class T>                                                                                                 \
    __forceinline__ T name(const T* address) {                                                                         \
        return *address;                                                                                               \
    }
#define EMULATOR_STORE(name)                                                                                           \
    template <class T>                                                                                                 \
    __forceinline__ void name(T* address, T value) {                                                                   \
        *address = value;                                                                                              \
    }
EMULATOR_LOAD(__ldg)
EMULATOR_LOAD(__ldca)
EMULATOR_LOAD(__ldcg)
EMULATOR_LOAD(__ldcs)
EMULATOR_LOAD(__ldlu)
EMULATOR_LOAD(__ldcv)
EMULATOR_STORE(__stwb)
EMULATOR_STORE(__stcg)
EMULATOR_STORE(__stcs)
EMULATOR_STORE(__stwt)
#undef EMULATOR_LOAD
#undef EMULATOR_STORE

// ---------------------------------------------------------------------------- bits

__forceinline__ int __popc(unsigned x) { return __builtin_popcount(x); }
__forceinline__ int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
__forceinline__ int __clz(int x) { return x ? __builtin_clz(unsigned(x)) : 32; }
__forceinline__ int __clzll(long long x) { return x ? __builtin_clzll(static_cast<unsigned long long>(x)) : 64; }
__forceinline__ int __ffs(int x) { return __builtin_ffs(x); }
__forceinline__ int __ffsll(long long x) { return __builtin_ffsll(x); }
inline unsigned __brev(unsigned x) {
    unsigned reversed = 0;
    for (int bit = 0; bit < 32; ++bit) reversed |= (x >> bit & 1u) << (31 - bit);
    return reversed;
}
inline unsigned long long __brevll(unsigned long long x) {
    const unsigned long long low = __brev(unsigned(x)), high = __brev(unsigned(x >> 32));
    return low << 32 | high;
}
/// Bytes of (b, a) picked by the low three bits of each nibble of `selector`.
inline unsigned __byte_perm(unsigned a, unsigned b, unsigned selector) {
    const std::uint64_t bytes = std::uint64_t(b) << 32 | a;
    unsigned result = 0;
    for (unsigned i = 0; i < 4; ++i) result |= unsigned(bytes >> 8 * (selector >> 4 * i & 7u) & 255u) << 8 * i;
    return result;
}
__forceinline__ unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
    return unsigned((std::uint64_t(high) << 32 | low) << (shift & 31u) >> 32);
}
__forceinline__ unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
    return unsigned((std::uint64_t(high) << 32 | low) >> (shift & 31u));
}

__forceinline__ unsigned __float_as_uint(float x) { return emulator::from_bits<unsigned>(emulator::to_bits(x)); }
__forceinline__ int __float_as_int(float x) { return emulator::from_bits<int>(emulator::to_bits(x)); }
__forceinline__ float __uint_as_float(unsigned x) { return emulator::from_bits<float>(x); }
__forceinline__ float __int_as_float(int x) { return emulator::from_bits<float>(emulator::to_bits(x)); }
__forceinline__ long long __double_as_longlong(double x) {
    return emulator::from_bits<long long>(emulator::to_bits(x));
}
__forceinline__ double __longlong_as_double(long long x) { return emulator::from_bits<double>(emulator::to_bits(x)); }

// ---------------------------------------------------------------------------- integers

__forceinline__ int __mulhi(int a, int b) { return int(static_cast<long long>(a) * b >> 32); }
__forceinline__ unsigned __umulhi(unsigned a, unsigned b) { return unsigned(std::uint64_t(a) * b >> 32); }
__forceinline__ unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<unsigned long long>(Wide(a) * b >> 64);
}

namespace emulator {

/// As the device converts: out of range to the nearest end, NaN to 0.
template <class Integer, class Real>
Integer saturate(Real rounded) {
    constexpr Integer lowest = std::is_signed_v<Integer> ? Integer(Integer(1) << (8 * sizeof(Integer) - 1)) : 0;
    constexpr Integer highest = Integer(~lowest);
    if (std::isnan(rounded)) return 0;
    if (rounded <= static_cast<Real>(lowest)) return lowest;
    return rounded >= static_cast<Real>(highest) ? highest : static_cast<Integer>(rounded);
}

} // namespace emulator

__forceinline__ int __float2int_rn(float x) { return emulator::saturate<int>(std::nearbyint(x)); }
__forceinline__ int __float2int_rz(float x) { return emulator::saturate<int>(std::trunc(x)); }
__forceinline__ int __float2int_rd(float x) { return emulator::saturate<int>(std::floor(x)); }
__forceinline__ int __float2int_ru(float x) { return emulator::saturate<int>(std::ceil(x)); }
__forceinline__ unsigned __float2uint_rn(float x) { return emulator::saturate<unsigned>(std::nearbyint(x)); }
__forceinline__ unsigned __float2uint_rz(float x) { return emulator::saturate<unsigned>(std::trunc(x)); }
__forceinline__ float __int2float_rn(int x) { return static_cast<float>(x); }
__forceinline__ float __uint2float_rn(unsigned x) { return static_cast<float>(x); }
__forceinline__ float __double2float_rn(double x) { return static_cast<float>(x); }

#define EMULATOR_MIN_MAX(T)                                                                                            \
    constexpr T min(T a, T b) { return b < a ? b : a; }                                                                \
    constexpr T max(T a, T b) { return a < b ? b : a; }
EMULATOR_MIN_MAX(int)
EMULATOR_MIN_MAX(unsigned)
EMULATOR_MIN_MAX(long)
EMULATOR_MIN_MAX(unsigned long)
EMULATOR_MIN_MAX(long long)
EMULATOR_MIN_MAX(unsigned long long)
#undef EMULATOR_MIN_MAX
__forceinline__ float min(float a, float b) { return std::fmin(a, b); }
__forceinline__ float max(float a, float b) { return std::fmax(a, b); }
__forceinline__ double min(double a, double b) { return std::fmin(a, b); }
__forceinline__ double max(double a, double b) { return std::fmax(a, b); }

// ---------------------------------------------------------------------------- floating point

__forceinline__ float __fadd_rn(float a, float b) { return a + b; }
__forceinline__ float __fsub_rn(float a, float b) { return a - b; }
__forceinline__ float __fmul_rn(float a, float b) { return a * b; }
__forceinline__ float __fdiv_rn(float a, float b) { return a / b; }
__forceinline__ float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
__forceinline__ float __frcp_rn(float a) { return 1.0f / a; }
__forceinline__ float __fsqrt_rn(float a) { return std::sqrt(a); }
__forceinline__ double __dadd_rn(double a, double b) { return a + b; }
__forceinline__ double __dmul_rn(double a, double b) { return a * b; }
__forceinline__ double __ddiv_rn(double a, double b) { return a / b; }
__forceinline__ double __fma_rn(double a, double b, double c) { return std::fma(a, b, c); }
__forceinline__ double __dsqrt_rn(double a) { return std::sqrt(a); }
__forceinline__ float __fdividef(float a, float b) { return a / b; }
__forceinline__ float __saturatef(float x) { return x > 0.0f ? (x < 1.0f ? x : 1.0f) : 0.0f; }

// Macros, because the C library declares functions of some of these names.
#define __expf(x) static_cast<float>(std::exp(static_cast<double>(x)))
#define __exp10f(x) static_cast<float>(std::pow(10.0, static_cast<double>(x)))
#define __logf(x) static_cast<float>(std::log(static_cast<double>(x)))
#define __log2f(x) static_cast<float>(std::log2(static_cast<double>(x)))
#define __log10f(x) static_cast<float>(std::log10(static_cast<double>(x)))
#define __powf(x, y) static_cast<float>(std::pow(static_cast<double>(x), static_cast<double>(y)))
#define __sinf(x) static_cast<float>(std::sin(static_cast<double>(x)))
#define __cosf(x) static_cast<float>(std::cos(static_cast<double>(x)))
#define rsqrtf(x) static_cast<float>(1.0 / std::sqrt(static_cast<double>(x)))
#define __frsqrt_rn(x) static_cast<float>(1.0 / std::sqrt(static_cast<double>(x)))
#define rcbrtf(x) static_cast<float>(1.0 / std::cbrt(static_cast<double>(x)))
