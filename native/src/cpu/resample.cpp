#include "cpu/resample.h"

#include "checked_size.h"

#include <algorithm>
#include <cstring>

namespace lposs::cpu {

BilinearAxis::BilinearAxis(int64_t input, int64_t output)
    : low(static_cast<size_t>(output)), high(static_cast<size_t>(output)),
      fraction(static_cast<size_t>(output)) {
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

namespace {

// Copies pixels of C floats to pixels `stride` floats apart.
void copy_pixels(const Workspace& work, const float* input, int64_t pixels, int64_t channels, float* output,
                 int64_t stride) {
    constexpr int64_t block = 4096;
    const auto bytes = static_cast<size_t>(channels) * sizeof(float);
    work.threads.run(ceil_div(pixels, block), [&](int64_t index, int) {
        const int64_t begin = index * block, end = std::min(begin + block, pixels);
        if (stride == channels) {
            std::memcpy(output + begin * stride, input + begin * channels,
                        bytes * static_cast<size_t>(end - begin));
            return;
        }
        for (int64_t i = begin; i < end; ++i) std::memcpy(output + i * stride, input + i * channels, bytes);
    });
}

} // namespace

void resize(const Workspace& work, const float* input, int64_t height, int64_t width, int64_t channels,
            float* output, int64_t output_height, int64_t output_width, int64_t output_channels,
            int64_t first_channel) {
    if (height == output_height && width == output_width) {
        copy_pixels(work, input, height * width, channels, output + first_channel, output_channels);
        return;
    }
    const BilinearAxis rows(height, output_height), columns(width, output_width);
    const RowTiles tiles(output_height, output_width);
    work.threads.run(tiles.count(), [&](int64_t index, int) {
        const RowTile tile = tiles[index];
        const auto y = static_cast<size_t>(tile.y);
        work.kernels.resample.blend(
            input + rows.low[y] * width * channels, input + rows.high[y] * width * channels, rows.fraction[y],
            columns.samples(tile.begin, tile.end), channels,
            output + (tile.y * output_width + tile.begin) * output_channels + first_channel, output_channels);
    });
}

void resize(const Workspace& work, const uint8_t* input, int64_t height, int64_t width, int64_t channels,
            uint8_t* output, int64_t output_height, int64_t output_width) {
    const BilinearAxis rows(height, output_height), columns(width, output_width);
    const RowTiles tiles(output_height, output_width);
    work.threads.run(tiles.count(), [&](int64_t index, int) {
        const RowTile tile = tiles[index];
        const auto y = static_cast<size_t>(tile.y);
        const uint8_t* top = input + rows.low[y] * width * channels;
        const uint8_t* bottom = input + rows.high[y] * width * channels;
        const float fy = rows.fraction[y];
        uint8_t* out = output + (tile.y * output_width + tile.begin) * channels;
        for (auto x = static_cast<size_t>(tile.begin); x < static_cast<size_t>(tile.end); ++x) {
            const int64_t low = columns.low[x] * channels, high = columns.high[x] * channels;
            const float fx = columns.fraction[x];
            for (int64_t c = 0; c < channels; ++c) {
                const float above =
                    static_cast<float>(top[low + c]) * (1 - fx) + static_cast<float>(top[high + c]) * fx;
                const float below = static_cast<float>(bottom[low + c]) * (1 - fx) +
                                    static_cast<float>(bottom[high + c]) * fx;
                *out++ = static_cast<uint8_t>(above * (1 - fy) + below * fy + 0.5F);
            }
        }
    });
}

} // namespace lposs::cpu
