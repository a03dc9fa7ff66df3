#include "spec/pixel_graph.h"

#include <cmath>

namespace spec {

Graph pixel_graph(const Array<double>& lab, const lposs_pixel_graph_options& options) {
    const int64_t height = lab.shape[0], width = lab.shape[1], radius = options.radius;
    Graph w(height * width);
    for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x)
            for (int64_t v = y - radius; v <= y + radius; ++v)
                for (int64_t u = x - radius; u <= x + radius; ++u) {
                    if (v < 0 || v >= height || u < 0 || u >= width || (v == y && u == x)) continue;
                    const double l = (lab(y, x, 0) - lab(v, u, 0)) / 100;
                    const double a = (lab(y, x, 1) - lab(v, u, 1)) / 128;
                    const double b = (lab(y, x, 2) - lab(v, u, 2)) / 128;
                    const double distance = std::sqrt(l * l + a * a + b * b);
                    w[y * width + x].push_back({v * width + u, std::exp(-distance / static_cast<double>(options.tau))});
                }
    return w;
}

} // namespace spec
