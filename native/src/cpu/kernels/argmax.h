// The race of the classes for each pixel.
#pragma once

#include "cpu/kernels/resize.h"

#include <stdint.h>

namespace lposs::cpu {

/// Best and second best score per pixel and the class of the best, while classes come in blocks. With `first` the state
/// is written without being read. Ties go to the lower class, whatever the order of the blocks.
struct ArgmaxRace {
    int32_t* label;
    float* best;
    float* second;
    int32_t first_class;
    bool first;
};

struct ArgmaxKernels {
    /// scores [pixels,C] as they are.
    void (*compete)(const float* scores, int64_t pixels, int64_t classes, ArgmaxRace race);

    /// The bilinear blend of rows top and bottom [W,C], `fraction` of the way down, which is never stored.
    void (*compete_blended)(const float* top, const float* bottom, float fraction, RowSamples samples, int64_t classes,
                            ArgmaxRace race);
};

} // namespace lposs::cpu
