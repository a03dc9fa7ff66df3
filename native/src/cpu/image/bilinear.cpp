#include "cpu/image/bilinear.h"

namespace lposs::cpu {

BilinearAxis::BilinearAxis(int64_t input, int64_t output)
    : low(static_cast<size_t>(output)), high(static_cast<size_t>(output)), fraction(static_cast<size_t>(output)) {
    const double scale = static_cast<double>(input) / static_cast<double>(output);
    for (size_t i = 0; i < low.size(); ++i) {
        const double position = std::max((static_cast<double>(i) + 0.5) * scale - 0.5, 0.0);
        const int64_t below = std::min(static_cast<int64_t>(position), input - 1);
        low[i] = static_cast<int32_t>(below);
        high[i] = static_cast<int32_t>(std::min(below + 1, input - 1));
        fraction[i] = static_cast<float>(position - static_cast<double>(below));
    }
}

RowSamples BilinearAxis::samples(int64_t begin, int64_t end) const {
    return {low.data() + begin, high.data() + begin, fraction.data() + begin, end - begin};
}

} // namespace lposs::cpu
