// A group of lanes takes an output pixel: its place is found once, and the lanes run along the channels.
#include "core/operations/resize.h"

#include "cuda/image/bilinear.cuh"
#include "cuda/runtime/workspace.h"

#include <algorithm>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;

/// One pixel per group of `lanes` threads.
__global__ void resize_float_kernel(const float* input, ImageSize from, int64_t channels, float* output, ImageSize to,
                                    int64_t output_channels, int64_t first_channel, int lanes) {
    const int64_t pixel = int64_t{blockIdx.x} * (threads / lanes) + static_cast<int>(threadIdx.x) / lanes;
    if (pixel < to.height * to.width) {
        const Corners corners = find_corners(sample_axis(pixel / to.width, from.height, to.height),
                                             sample_axis(pixel % to.width, from.width, to.width), from.width);
        float* const out = output + pixel * output_channels + first_channel;
        for (int64_t c = static_cast<int>(threadIdx.x) % lanes; c < channels; c += lanes)
            out[c] = blend(corners, input + c, channels);
    }
}

/// One pixel per thread; in double, so that halves are halves.
__global__ void resize_byte_kernel(const uint8_t* input, ImageSize from, int64_t channels, uint8_t* output,
                                   ImageSize to) {
    const int64_t pixel = int64_t{blockIdx.x} * threads + threadIdx.x;
    if (pixel < to.height * to.width) {
        const AxisSample y = sample_axis(pixel / to.width, from.height, to.height);
        const AxisSample x = sample_axis(pixel % to.width, from.width, to.width);
        const uint8_t* const top = input + y.low * from.width * channels;
        const uint8_t* const bottom = input + y.high * from.width * channels;
        for (int64_t c = 0; c < channels; ++c) {
            const double above =
                top[x.low * channels + c] * (1.0 - x.fraction) + top[x.high * channels + c] * x.fraction;
            const double below =
                bottom[x.low * channels + c] * (1.0 - x.fraction) + bottom[x.high * channels + c] * x.fraction;
            output[pixel * channels + c] = static_cast<uint8_t>(above * (1.0 - y.fraction) + below * y.fraction + 0.5);
        }
    }
}

} // namespace

// ---------------------------------------------------------------------------- launchers

void resize(const Workspace& work, const ResizeArguments& a) {
    int lanes = 1;
    while (lanes < 32 && lanes < a.channels) lanes *= 2;
    GPU_LAUNCH(resize_float_kernel, block_count(a.to.pixels(), threads / lanes), threads, 0, work.stream, a.input,
               a.from, a.channels, a.output, a.to, a.output_channels, a.first_channel, lanes);
}

void resize(const Workspace& work, const ResizeBytesArguments& a) {
    GPU_LAUNCH(resize_byte_kernel, block_count(a.to.pixels(), threads), threads, 0, work.stream, a.input, a.from,
               a.channels, a.output, a.to);
}

} // namespace lposs::cuda
