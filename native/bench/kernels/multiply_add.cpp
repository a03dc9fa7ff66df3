// The most multiply-adds per second that this instruction set can do: independent chains in registers, no memory.
#include "cpu/kernels/simd.h"

namespace lposs::cpu::LPOSS_ISA {

/// Does 2 * lanes * chains * rounds operations; the result keeps the compiler from leaving them out.
float multiply_add_peak(int64_t rounds, int64_t* operations);

float multiply_add_peak(int64_t rounds, int64_t* operations) {
    constexpr int chains = 12; // latency 4, two units: at least 8; registers: at most 14 on AVX2
    Vector sum[chains];
    for (int c = 0; c < chains; ++c) sum[c] = broadcast(static_cast<float>(c) * 1e-3F);
    const Vector factor = broadcast(0.999F);
    const Vector term = broadcast(1e-3F);
    for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12 // indexed by a variable, the chains would live in memory
        for (int c = 0; c < chains; ++c) sum[c] = sum[c] * factor + term;
    }
    float total = 0.0F;
    for (int c = 0; c < chains; ++c) total += sum[c][0];
    *operations = 2 * static_cast<int64_t>(lanes) * chains * rounds;
    return total;
}

} // namespace lposs::cpu::LPOSS_ISA
