#pragma once
#include "cuda/workspace.h"

namespace lposs::cuda {

/// sRGB image [pixels,3], uint8 or float32 in [0,1] -> CIE Lab (D65) [pixels,3].
void rgb_to_lab(const Workspace& work, const uint8_t* image, int64_t pixels, float* lab);
void rgb_to_lab(const Workspace& work, const float* image, int64_t pixels, float* lab);

} // namespace lposs::cuda
