#include "core/operations/lab.h"

#include "core/checked_size.h"
#include "cpu/runtime/workspace.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lposs::cpu {
namespace {

constexpr int64_t tile_pixels = 16384;

template <class Convert>
void for_tiles(const Workspace& work, int64_t pixels, const Convert& convert) {
    work.threads.run(ceil_div(pixels, tile_pixels), [&](int64_t tile, int) {
        const int64_t first = tile * tile_pixels;
        convert(first, std::min(tile_pixels, pixels - first));
    });
}

/// The linear light of each sRGB byte.
const std::array<double, 256>& linear_bytes() {
    static const std::array<double, 256> table = [] {
        std::array<double, 256> values{};
        for (size_t i = 0; i < values.size(); ++i) {
            const double c = static_cast<double>(i) / 255.0;
            values[i] = c > 0.04045 ? std::pow((c + 0.055) / 1.055, 2.4) : c / 12.92;
        }
        return values;
    }();
    return table;
}

} // namespace

void rgb_to_lab(const Workspace& work, const LabArguments<uint8_t>& a) {
    const double* linear = linear_bytes().data();
    for_tiles(work, a.pixels, [&](int64_t first, int64_t count) {
        work.kernels.lab.from_bytes(a.image + 3 * first, linear, count, a.lab + 3 * first);
    });
}

void rgb_to_lab(const Workspace& work, const LabArguments<float>& a) {
    for_tiles(work, a.pixels, [&](int64_t first, int64_t count) {
        work.kernels.lab.from_floats(a.image + 3 * first, count, a.lab + 3 * first);
    });
}

} // namespace lposs::cpu
