// From patches to pixels: each window's grid of patch scores is resized to the window (bilinear, half-pixel centres),
// summed, and divided by the number of windows over the pixel.
#pragma once

#include "core/image_size.h"
#include "core/window.h"

#include <vector>

namespace lposs {

struct StitchArguments {
    const float* patch_scores;   ///< [N,P], window after window
    int64_t prompts;             ///< P
    const int32_t* host_columns; ///< [count]: the prompts that are wanted
    int64_t count;
    const std::vector<Window>& windows; ///< cover the image
    int32_t patch_size;                 ///< pixels
    float* scores;                      ///< [H,W,count]
    ImageSize size;                     ///< H x W
};

namespace cpu {
struct Workspace;
void stitch(const Workspace& work, const StitchArguments& a);
} // namespace cpu

namespace cuda {
struct Workspace;
void stitch(const Workspace& work, const StitchArguments& a);
} // namespace cuda

} // namespace lposs
