// The loops over channels are left to the compiler, which vectorises them for each instruction set.
#include "cpu/kernels/resize.h"

#include "cpu/kernels/simd.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

// (1 - f) a + f b and not a + f (b - a): the difference of two large values of unlike sign would overflow.
void blend(const float* __restrict top, const float* __restrict bottom, float fraction, RowSamples samples,
           int64_t channels, float* __restrict output, int64_t stride) {
    for (int64_t i = 0; i < samples.count; ++i) {
        const float fx = samples.fraction[i];
        const float w00 = (1 - fraction) * (1 - fx), w01 = (1 - fraction) * fx;
        const float w10 = fraction * (1 - fx), w11 = fraction * fx;
        const int64_t low = samples.low[i] * channels, high = samples.high[i] * channels;
        float* __restrict out = output + i * stride;
        for (int64_t c = 0; c < channels; ++c)
            out[c] = (w00 * top[low + c] + w01 * top[high + c]) + (w10 * bottom[low + c] + w11 * bottom[high + c]);
    }
}

void accumulate(const float* __restrict row, RowSamples samples, int64_t channels, float* __restrict output) {
    for (int64_t i = 0; i < samples.count; ++i) {
        const float w1 = samples.fraction[i], w0 = 1 - w1;
        const int64_t low = samples.low[i] * channels, high = samples.high[i] * channels;
        float* __restrict out = output + i * channels;
        for (int64_t c = 0; c < channels; ++c) out[c] += w0 * row[low + c] + w1 * row[high + c];
    }
}

} // namespace

extern const ResizeKernels resize_kernels;
const ResizeKernels resize_kernels = {blend, accumulate};

} // namespace lposs::cpu::LPOSS_ISA
