// Bilinear interpolation with half-pixel centres and clamped edges.
#pragma once

#include "cuda/runtime/gpu.h"

#include <cstdint>

namespace lposs::cuda {

/// Where output i of an axis lies between two inputs: `fraction` of the way from low to high. In double, because a
/// float's fraction of a place in the thousands is coarse; once per row or column, not per value.
struct AxisSample {
    int64_t low, high;
    double fraction;
};

__device__ __forceinline__ AxisSample sample_axis(int64_t i, int64_t input, int64_t output) {
    const double scale = static_cast<double>(input) / static_cast<double>(output);
    const double place = max((static_cast<double>(i) + 0.5) * scale - 0.5, 0.0);
    const int64_t low = min(static_cast<int64_t>(place), input - 1);
    return {low, min(low + 1, input - 1), place - static_cast<double>(low)};
}

/// The four corners around an output pixel, as pixel indices of the input, and their weights, which sum to one.
struct Corners {
    int64_t top_low, top_high, bottom_low, bottom_high;
    float w00, w01, w10, w11;
};

__device__ __forceinline__ Corners find_corners(const AxisSample& y, const AxisSample& x, int64_t width) {
    const auto fy = static_cast<float>(y.fraction), fx = static_cast<float>(x.fraction);
    return {y.low * width + x.low,     y.low * width + x.high, y.high * width + x.low, y.high * width + x.high,
            (1.0f - fy) * (1.0f - fx), (1.0f - fy) * fx,       fy * (1.0f - fx),       fy * fx};
}

/// Not low + f (high - low): the difference of two large values of unlike sign would overflow.
__device__ __forceinline__ float blend(const Corners& corners, const float* channel, int64_t channels) {
    return (corners.w00 * channel[corners.top_low * channels] + corners.w01 * channel[corners.top_high * channels]) +
           (corners.w10 * channel[corners.bottom_low * channels] +
            corners.w11 * channel[corners.bottom_high * channels]);
}

} // namespace lposs::cuda
