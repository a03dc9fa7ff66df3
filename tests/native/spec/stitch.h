#pragma once
#include "spec/array.h"

namespace spec {

/// patch_scores [N,C] -> [height,width,C]: each window's grid resized to the window, overlaps averaged.
Array<double> stitch(const Array<double>& patch_scores, const Array<int32_t>& windows, int64_t patch, int64_t height,
                     int64_t width);

} // namespace spec
