#include "spec/stitch.h"

#include "spec/resize.h"
#include "spec/windows.h"

namespace spec {

Array<double> stitch(const Array<double>& patch_scores, const Array<int32_t>& windows, int64_t patch, int64_t height,
                     int64_t width) {
    const int64_t classes = patch_scores.shape[1];
    Array<double> sum({height, width, classes}), cover({height, width});
    int64_t at = 0;
    for (int64_t n = 0; n < windows.shape[0]; ++n) {
        const GridSize grid = grid_size(windows, n, patch);
        Array<double> scores({grid.height, grid.width, classes});
        for (int64_t i = 0; i < scores.size(); ++i) scores(i) = patch_scores(at * classes + i);
        at += grid.height * grid.width;
        const int64_t y1 = windows(n, 0), y2 = windows(n, 1), x1 = windows(n, 2), x2 = windows(n, 3);
        const Array<double> resized = resize(scores, y2 - y1, x2 - x1);
        for (int64_t y = y1; y < y2; ++y)
            for (int64_t x = x1; x < x2; ++x) {
                cover(y, x) += 1;
                for (int64_t c = 0; c < classes; ++c) sum(y, x, c) += resized(y - y1, x - x1, c);
            }
    }
    for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x)
            for (int64_t c = 0; c < classes; ++c) sum(y, x, c) /= cover(y, x);
    return sum;
}

} // namespace spec
