// From similarities of neighbours to rows of the patch graph.
#pragma once

#include <stdint.h>

namespace lposs::cpu {

struct PatchGraphKernels {
    /// weights [count] = max(similarity, 0)^gamma * exp(-sigma * dist^distance_power), in place of the similarities;
    /// dist is between (y, x) and the centres of `columns`. Times one power of two, which S does not see; what is below
    /// the smallest normal float then is 0.
    void (*weigh)(float* similarities, const int32_t* columns, int64_t count, const float* centres_y,
                  const float* centres_x, float y, float x, float gamma, float sigma, float distance_power);

    /// The entries of a dense row [n] that are not zero: their number and their sum. Leaves zeros.
    void (*measure)(float* row, int64_t n, int64_t* count, double* sum);

    /// Writes the entries of a dense row [n] that are not zero as columns and weights w * (scale * scales[column]), and
    /// returns their number. row and scales reach to the next whole vector with zeros and are aligned to a vector;
    /// columns and weights have room for one vector more than is written.
    int64_t (*compress)(float* row, int64_t n, float scale, const float* scales, int32_t* columns, float* weights);
};

} // namespace lposs::cpu
