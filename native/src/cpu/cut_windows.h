#pragma once
#include "cpu/workspace.h"

namespace lposs::cpu {

/// image [H,W,3] -> batch [n,3,h,w] = (image / 255 - mean) / std of each window, zeros beyond a window.
void cut_windows(const Workspace& work, const uint8_t* image, int64_t width,
                 const std::vector<Window>& windows, const float* mean, const float* std,
                 int64_t batch_height, int64_t batch_width, float* batch);

} // namespace lposs::cpu
