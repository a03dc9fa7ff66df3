// One vector type per instruction set, so that each kernel has one source.
//
// Files in kernels/ are compiled once per instruction set of the architecture (see instruction_sets.h), with LPOSS_ISA
// set to its name and the matching compiler flags, and live in namespace lposs::cpu::LPOSS_ISA. dispatch.cpp picks a
// set at run time.
//
// RULE: a file in kernels/ includes nothing but this header, its own header and C headers, and defines nothing inline
// outside its namespace. A standard library template compiled here with AVX-512 could be the copy that the linker keeps
// for everybody, and would crash on a machine without it.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifndef LPOSS_ISA
#error "LPOSS_ISA must be avx512, avx2, neon or portable; this header is for files in kernels/ only"
#endif

#if defined(__AVX512F__)
#define LPOSS_LANES 16
#elif defined(__AVX2__)
#define LPOSS_LANES 8
#else
#define LPOSS_LANES 4
#endif

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// Vector registers: what a tile of sums may fill.
#if defined(__AVX512F__) || defined(__aarch64__)
#define LPOSS_REGISTERS 32
#else
#define LPOSS_REGISTERS 16
#endif

#define LPOSS_INLINE static inline __attribute__((always_inline, unused))

namespace lposs::cpu::LPOSS_ISA {

constexpr int lanes = LPOSS_LANES;

typedef float Vector __attribute__((vector_size(LPOSS_LANES * 4)));
typedef int32_t IntVector __attribute__((vector_size(LPOSS_LANES * 4)));
typedef float UnalignedVector __attribute__((vector_size(LPOSS_LANES * 4), aligned(4), may_alias));
typedef float AlignedVector __attribute__((vector_size(LPOSS_LANES * 4), may_alias));

LPOSS_INLINE Vector load(const float* p) {
    return *reinterpret_cast<const AlignedVector*>(p);
}
LPOSS_INLINE Vector load_unaligned(const float* p) {
    return *reinterpret_cast<const UnalignedVector*>(p);
}
LPOSS_INLINE void store(float* p, Vector v) {
    *reinterpret_cast<AlignedVector*>(p) = v;
}
LPOSS_INLINE void store_unaligned(float* p, Vector v) {
    *reinterpret_cast<UnalignedVector*>(p) = v;
}
LPOSS_INLINE Vector broadcast(float s) {
    return s - Vector{};
}

/// Lane l is lane order[l] of v, or of a and then b; orders are within range.
template <class V>
LPOSS_INLINE V shuffle(V v, IntVector order) {
#if defined(__clang__)
    V result; // orders that unrolling makes constant become one instruction
    for (int l = 0; l < lanes; ++l) result[l] = v[order[l]];
    return result;
#else
    return __builtin_shuffle(v, order);
#endif
}
LPOSS_INLINE Vector shuffle(Vector a, Vector b, IntVector order) {
#if defined(__clang__)
    Vector result;
    for (int l = 0; l < lanes; ++l) result[l] = order[l] < lanes ? a[order[l]] : b[order[l] - lanes];
    return result;
#else
    return __builtin_shuffle(a, b, order);
#endif
}

/// shuffle() for an order that is only known at run time.
LPOSS_INLINE Vector permute(Vector v, IntVector order) {
#if defined(__clang__) && LPOSS_LANES == 16
    return reinterpret_cast<Vector>(_mm512_permutexvar_ps(reinterpret_cast<__m512i>(order), v));
#elif defined(__clang__) && LPOSS_LANES == 8
    return reinterpret_cast<Vector>(_mm256_permutevar8x32_ps(v, reinterpret_cast<__m256i>(order)));
#else
    return shuffle(v, order);
#endif
}

} // namespace lposs::cpu::LPOSS_ISA
