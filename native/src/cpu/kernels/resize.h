// Inner loops of bilinear resizing over rows of [W,C].
#pragma once

#include <stdint.h>

namespace lposs::cpu {

/// A run of output pixels along a row: pixel i lies between the inputs low[i] and high[i], `fraction[i]` of the way.
struct RowSamples {
    const int32_t* low;
    const int32_t* high;
    const float* fraction;
    int64_t count;
};

struct ResizeKernels {
    /// output[i, 0..channels) = the bilinear blend of rows top and bottom [W,C], `fraction` of the way down; output
    /// pixels lie `stride` floats apart.
    void (*blend)(const float* top, const float* bottom, float fraction, RowSamples samples, int64_t channels,
                  float* output, int64_t stride);

    /// output[i, 0..channels) += the linear blend of row [W,C].
    void (*accumulate)(const float* row, RowSamples samples, int64_t channels, float* output);
};

} // namespace lposs::cpu
