// The k largest values of a row that arrives in segments.
#pragma once

#include <stdint.h>

namespace lposs::cpu {

struct TopKKernels {
    /// Merges segment [count], whose elements have the indices first_index, first_index + 1, ..., into the k best seen
    /// so far: values and indices [held <= k], indices ascending and all below first_index. Returns how many are held
    /// then, min(held + count, k). Ties go to the lower index; which NaN are kept is left open.
    ///
    /// Both arrays and the segment are as long as k or count rounded up to whole vectors, aligned to a vector, and what
    /// lies past their ends is written over.
    int64_t (*merge)(float* values, int32_t* indices, int64_t held, int64_t k, float* segment, int64_t count,
                     int32_t first_index);
};

} // namespace lposs::cpu
