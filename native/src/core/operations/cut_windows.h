// An encoder's input: (image / 255 - mean) / std of each window, zeros beyond a window.
#pragma once

#include "core/image_size.h"
#include "core/window.h"

#include <vector>

namespace lposs {

struct CutWindowsArguments {
    const uint8_t* image;               ///< [H,W,3]
    ImageSize size;                     ///< H x W
    const std::vector<Window>& windows; ///< inside the image, at most batch_size
    const float* host_mean;             ///< [3]
    const float* host_std;              ///< [3]
    ImageSize batch_size;               ///< h x w
    float* batch;                       ///< [windows,3,h,w]
};

namespace cpu {
struct Workspace;
void cut_windows(const Workspace& work, const CutWindowsArguments& a);
} // namespace cpu

namespace cuda {
struct Workspace;
void cut_windows(const Workspace& work, const CutWindowsArguments& a);
} // namespace cuda

} // namespace lposs
