#pragma once
#include "spec/array.h"

namespace spec {

/// [n,4]: y1, y2, x1, x2 of the sliding windows, row by row; the last ones are pushed back inside.
Array<int32_t> windows(int64_t height, int64_t width, int64_t window, int64_t stride);

/// Patches of window n: ceil(h / patch), ceil(w / patch).
struct GridSize {
    int64_t height, width;
};
GridSize grid_size(const Array<int32_t>& windows, int64_t n, int64_t patch);
int64_t patch_count(const Array<int32_t>& windows, int64_t patch);

/// [N,2]: (y, x) of every patch of every window.
Array<double> patch_centres(const Array<int32_t>& windows, int64_t patch);

/// image [H,W,3] -> [n,3,height,width] = (image / 255 - mean) / std, zeros beyond a window.
Array<double> cut_windows(const Array<uint8_t>& image, const Array<int32_t>& windows, const float* mean,
                          const float* std, int64_t height, int64_t width);

} // namespace spec
