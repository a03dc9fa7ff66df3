#include "spec/resize.h"

#include <algorithm>
#include <cmath>

namespace spec {

Array<double> resize(const Array<double>& x, int64_t height, int64_t width) {
    const int64_t channels = x.shape[2];
    Array<double> out({height, width, channels});
    const auto place = [](int64_t i, int64_t from, int64_t to) {
        return std::max((static_cast<double>(i) + 0.5) * (static_cast<double>(from) / static_cast<double>(to)) - 0.5,
                        0.0);
    };
    for (int64_t v = 0; v < height; ++v)
        for (int64_t u = 0; u < width; ++u) {
            const double py = place(v, x.shape[0], height), px = place(u, x.shape[1], width);
            const int64_t y0 = std::min(static_cast<int64_t>(py), x.shape[0] - 1),
                          y1 = std::min(y0 + 1, x.shape[0] - 1);
            const int64_t x0 = std::min(static_cast<int64_t>(px), x.shape[1] - 1),
                          x1 = std::min(x0 + 1, x.shape[1] - 1);
            const double fy = py - static_cast<double>(y0), fx = px - static_cast<double>(x0);
            for (int64_t c = 0; c < channels; ++c)
                out(v, u, c) = (x(y0, x0, c) * (1 - fx) + x(y0, x1, c) * fx) * (1 - fy) +
                               (x(y1, x0, c) * (1 - fx) + x(y1, x1, c) * fx) * fy;
        }
    return out;
}

} // namespace spec
