// One vector type per instruction set, so that each kernel has one source.
//
// Files in kernels/ are compiled three times, with LPOSS_ISA set to avx512, avx2 or portable and the matching compiler
// flags, and live in namespace lposs::cpu::LPOSS_ISA. dispatch.cpp picks a set at run time.
//
// RULE: a file in kernels/ includes nothing but this header, its own header and C headers, and defines nothing inline
// outside its namespace. A standard library template compiled here with AVX-512 could be the copy that the linker
// keeps for everybody, and would crash on a machine without it.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifndef LPOSS_ISA
#error "LPOSS_ISA must be avx512, avx2 or portable; this header is for files in kernels/ only"
#endif

#if defined(__AVX512F__)
#define LPOSS_LANES 16
#elif defined(__AVX2__)
#define LPOSS_LANES 8
#else
#define LPOSS_LANES 4
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

} // namespace lposs::cpu::LPOSS_ISA
