#pragma once
#include "cpu/workspace.h"

namespace lposs::cpu {

/// patch_scores [N,P] -> scores [H,W,count] of the prompts columns[0..count): each window's grid is resized to the
/// window, summed, and divided by the number of windows over the pixel.
void stitch(const Workspace& work, const float* patch_scores, int64_t prompts, const int32_t* columns,
            int64_t count, const std::vector<Window>& windows, int32_t patch_size, int64_t height,
            int64_t width, float* scores);

} // namespace lposs::cpu
