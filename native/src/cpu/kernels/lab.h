// sRGB -> CIE Lab (D65), in double until the result: an error of a colour is divided by tau in the pixel graph.
#pragma once

#include <stdint.h>

namespace lposs::cpu {

struct LabKernels {
    /// image [pixels,3] -> lab [pixels,3]; linear [256]: the linear light of each byte, 0 to 1.
    void (*from_bytes)(const uint8_t* image, const double* linear, int64_t pixels, float* lab);
    /// image [pixels,3], sRGB, 0 to 1.
    void (*from_floats)(const float* image, int64_t pixels, float* lab);
};

} // namespace lposs::cpu
