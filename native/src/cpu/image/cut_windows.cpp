#include "core/operations/cut_windows.h"

#include "cpu/runtime/workspace.h"

#include <algorithm>
#include <array>

namespace lposs::cpu {

void cut_windows(const Workspace& work, const CutWindowsArguments& a) {
    // 256 values are all that a channel can become.
    std::array<std::array<float, 256>, 3> normalised;
    for (size_t c = 0; c < 3; ++c)
        for (size_t value = 0; value < 256; ++value)
            normalised[c][value] =
                static_cast<float>((static_cast<double>(value) / 255.0 - static_cast<double>(a.host_mean[c])) /
                                   static_cast<double>(a.host_std[c]));

    const int64_t batch_height = a.batch_size.height, batch_width = a.batch_size.width;
    const int64_t plane = batch_height * batch_width;
    work.threads.run(static_cast<int64_t>(a.windows.size()) * batch_height, [&](int64_t index, int) {
        const int64_t number = index / batch_height, y = index % batch_height;
        const Window& window = a.windows[static_cast<size_t>(number)];
        const int64_t filled = y < window.height() ? window.width() : 0;
        const uint8_t* pixel = a.image + ((window.y1 + y) * a.size.width + window.x1) * 3;
        for (int64_t c = 0; c < 3; ++c) {
            float* out = a.batch + (number * 3 + c) * plane + y * batch_width;
            const auto& table = normalised[static_cast<size_t>(c)];
            for (int64_t x = 0; x < filled; ++x) out[x] = table[pixel[x * 3 + c]];
            std::fill(out + filled, out + batch_width, 0.0F);
        }
    });
}

} // namespace lposs::cpu
