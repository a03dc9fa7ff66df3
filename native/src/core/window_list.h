// The caller's windows, read and checked.
#pragma once

#include "core/backend.h"

namespace lposs {

/// [n,4] int32 in host memory, each y1 < y2 <= 2^30, x1 < x2 <= 2^30, not negative.
std::vector<Window> read_windows(const lposs_tensor& windows, const char* name);

/// Refuses windows that leave H x W or do not cover it.
void check_cover(const std::vector<Window>& windows, int64_t height, int64_t width, const char* name);

/// Refuses a patch size outside 1 to 256.
void check_patch_size(int32_t patch_size, const char* name);

int64_t patch_count(const std::vector<Window>& windows, int32_t patch_size);

/// centres [N,2], (y, x), window after window, row by row.
std::vector<float> patch_centres(const std::vector<Window>& windows, int32_t patch_size);

} // namespace lposs
