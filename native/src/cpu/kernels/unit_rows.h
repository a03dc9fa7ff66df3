// Rows of length one.
#pragma once

#include <stdint.h>

namespace lposs::cpu {

struct UnitRowKernels {
    /// unit [d] = row [d] divided by its length, which is taken in double; a zero row stays zero. unit may be row.
    void (*normalise)(const float* row, int64_t d, float* unit);

    /// unit [d] = row [d] - offset [d]; unit may be row.
    void (*subtract)(const float* row, const float* offset, int64_t d, float* unit);
};

} // namespace lposs::cpu
