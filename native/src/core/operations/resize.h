// Bilinear, half-pixel centres, clamped edges.
#pragma once

#include "core/image_size.h"

namespace lposs {

/// The channels of the input become some of the output's.
struct ResizeArguments {
    const float* input; ///< [H,W,C]
    ImageSize from;     ///< H x W
    int64_t channels;   ///< C
    float* output;      ///< [H',W',output_channels]
    ImageSize to;       ///< H' x W'
    int64_t output_channels;
    int64_t first_channel; ///< of the output; C follow
};

/// 8 bits, rounded half up.
struct ResizeBytesArguments {
    const uint8_t* input; ///< [H,W,C]
    ImageSize from;
    int64_t channels;
    uint8_t* output; ///< [H',W',C]
    ImageSize to;
};

namespace cpu {
struct Workspace;
void resize(const Workspace& work, const ResizeArguments& a);
void resize(const Workspace& work, const ResizeBytesArguments& a);
} // namespace cpu

namespace cuda {
struct Workspace;
void resize(const Workspace& work, const ResizeArguments& a);
void resize(const Workspace& work, const ResizeBytesArguments& a);
} // namespace cuda

} // namespace lposs
