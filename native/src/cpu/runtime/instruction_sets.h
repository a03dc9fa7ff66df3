// The instruction sets that kernels/ is compiled for on this architecture, widest first, and whether this processor has
// them. cmake/LpossKernels.cmake compiles the same.
#pragma once

#if defined(__x86_64__)

#define LPOSS_FOR_EACH_ISA(of) of(avx512) of(avx2) of(portable)

namespace lposs::cpu {

inline bool has_avx512() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}
inline bool has_avx2() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
inline bool has_portable() {
    return true;
}

} // namespace lposs::cpu

#elif defined(__aarch64__)

#define LPOSS_FOR_EACH_ISA(of) of(neon)

namespace lposs::cpu {

inline bool has_neon() { // every 64-bit Arm processor
    return true;
}

} // namespace lposs::cpu

#else

#define LPOSS_FOR_EACH_ISA(of) of(portable)

namespace lposs::cpu {

inline bool has_portable() {
    return true;
}

} // namespace lposs::cpu

#endif
