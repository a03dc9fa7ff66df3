// Weights of the pixel graph, W_ij = exp(-|Lab_i - Lab_j| / tau), a row of the banded layout at a time.
#pragma once

#include <stdint.h>

namespace lposs::cpu {

/// A row of the banded layout with the rows around it, and what its weights depend on.
struct PixelRow {
    const float* lab[3];  ///< at (row, column 0), Lab / (100, 128, 128); NaN where there is no pixel
    const float* scaling; ///< at (row, column 0): D^-1/2; 0 where there is no pixel
    int64_t pitch;        ///< vectors from row to row
    int64_t columns;
    int32_t row_radius;
    int32_t column_radius;
    float inverse_tau;
};

struct PixelWeightKernels {
    /// scaling[column][lane] = (sum over the window of W)^-1/2, 0 for a pixel without edges. W is taken times a power
    /// of two that S = D^-1/2 W D^-1/2 does not depend on.
    void (*scaling)(const PixelRow& row, float* scaling);
    /// weights[column][column distance][lane] of S for one row distance >= 0: column distances
    /// -column_radius .. column_radius, or 1 .. column_radius for row distance 0.
    void (*weights)(const PixelRow& row, int32_t row_distance, float* weights);
};

} // namespace lposs::cpu
