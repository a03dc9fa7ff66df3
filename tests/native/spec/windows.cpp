#include "spec/windows.h"

#include <algorithm>

namespace spec {

Array<int32_t> windows(int64_t height, int64_t width, int64_t window, int64_t stride) {
    Array<int32_t> out({0, 4}, std::vector<int32_t>{});
    const int64_t rows = std::max<int64_t>(height - window + stride - 1, 0) / stride + 1;
    const int64_t columns = std::max<int64_t>(width - window + stride - 1, 0) / stride + 1;
    for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j) {
            const int64_t y2 = std::min(i * stride + window, height), x2 = std::min(j * stride + window, width);
            for (const int64_t edge : {std::max<int64_t>(y2 - window, 0), y2, std::max<int64_t>(x2 - window, 0), x2})
                out.values.push_back(static_cast<int32_t>(edge));
            ++out.shape[0];
        }
    return out;
}

GridSize grid_size(const Array<int32_t>& windows, int64_t n, int64_t patch) {
    return {(windows(n, 1) - windows(n, 0) + patch - 1) / patch, (windows(n, 3) - windows(n, 2) + patch - 1) / patch};
}

int64_t patch_count(const Array<int32_t>& windows, int64_t patch) {
    int64_t count = 0;
    for (int64_t n = 0; n < windows.shape[0]; ++n) {
        const GridSize grid = grid_size(windows, n, patch);
        count += grid.height * grid.width;
    }
    return count;
}

Array<double> patch_centres(const Array<int32_t>& windows, int64_t patch) {
    Array<double> centres({patch_count(windows, patch), 2});
    int64_t at = 0;
    for (int64_t n = 0; n < windows.shape[0]; ++n) {
        const GridSize grid = grid_size(windows, n, patch);
        for (int64_t y = 0; y < grid.height; ++y)
            for (int64_t x = 0; x < grid.width; ++x, ++at) {
                centres(at, 0) = static_cast<double>(windows(n, 0) + patch / 2 + y * patch);
                centres(at, 1) = static_cast<double>(windows(n, 2) + patch / 2 + x * patch);
            }
    }
    return centres;
}

Array<double> cut_windows(const Array<uint8_t>& image, const Array<int32_t>& windows, const float* mean,
                          const float* std, int64_t height, int64_t width) {
    const int64_t count = windows.shape[0];
    Array<double> batch({count, 3, height, width});
    for (int64_t n = 0; n < count; ++n)
        for (int64_t c = 0; c < 3; ++c)
            for (int64_t y = windows(n, 0); y < windows(n, 1); ++y)
                for (int64_t x = windows(n, 2); x < windows(n, 3); ++x)
                    batch(((n * 3 + c) * height + y - windows(n, 0)) * width + x - windows(n, 2)) =
                        (image(y, x, c) / 255.0 - static_cast<double>(mean[c])) / static_cast<double>(std[c]);
    return batch;
}

} // namespace spec
