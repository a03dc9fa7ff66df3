#include "core/operations/resize.h"

#include "core/checked_size.h"
#include "cpu/image/bilinear.h"

#include <algorithm>
#include <cstring>

namespace lposs::cpu {

namespace {

// Copies pixels of C floats to pixels `stride` floats apart.
void copy_pixels(const Workspace& work, const float* input, int64_t pixels, int64_t channels, float* output,
                 int64_t stride) {
    constexpr int64_t block = 4096;
    const auto bytes = static_cast<size_t>(channels) * sizeof(float);
    work.threads.run(ceil_div(pixels, block), [&](int64_t index, int) {
        const int64_t begin = index * block, end = std::min(begin + block, pixels);
        if (stride == channels) {
            std::memcpy(output + begin * stride, input + begin * channels, bytes * static_cast<size_t>(end - begin));
            return;
        }
        for (int64_t i = begin; i < end; ++i) std::memcpy(output + i * stride, input + i * channels, bytes);
    });
}

} // namespace

void resize(const Workspace& work, const ResizeArguments& a) {
    if (a.from == a.to) {
        copy_pixels(work, a.input, a.from.pixels(), a.channels, a.output + a.first_channel, a.output_channels);
        return;
    }
    const BilinearAxis rows(a.from.height, a.to.height), columns(a.from.width, a.to.width);
    const RowTiles tiles(a.to);
    const int64_t pitch = a.from.width * a.channels;
    work.threads.run(tiles.count(), [&](int64_t index, int) {
        const RowTile tile = tiles[index];
        const auto y = static_cast<size_t>(tile.y);
        work.kernels.resize.blend(a.input + rows.low[y] * pitch, a.input + rows.high[y] * pitch, rows.fraction[y],
                                  columns.samples(tile.begin, tile.end), a.channels,
                                  a.output + (tile.y * a.to.width + tile.begin) * a.output_channels + a.first_channel,
                                  a.output_channels);
    });
}

void resize(const Workspace& work, const ResizeBytesArguments& a) {
    const BilinearAxis rows(a.from.height, a.to.height), columns(a.from.width, a.to.width);
    const RowTiles tiles(a.to);
    const int64_t channels = a.channels, pitch = a.from.width * channels;
    work.threads.run(tiles.count(), [&](int64_t index, int) {
        const RowTile tile = tiles[index];
        const auto y = static_cast<size_t>(tile.y);
        const uint8_t* top = a.input + rows.low[y] * pitch;
        const uint8_t* bottom = a.input + rows.high[y] * pitch;
        const float fy = rows.fraction[y];
        uint8_t* out = a.output + (tile.y * a.to.width + tile.begin) * channels;
        for (auto x = static_cast<size_t>(tile.begin); x < static_cast<size_t>(tile.end); ++x) {
            const int64_t low = columns.low[x] * channels, high = columns.high[x] * channels;
            const float fx = columns.fraction[x];
            for (int64_t c = 0; c < channels; ++c) {
                const float above =
                    static_cast<float>(top[low + c]) * (1 - fx) + static_cast<float>(top[high + c]) * fx;
                const float below =
                    static_cast<float>(bottom[low + c]) * (1 - fx) + static_cast<float>(bottom[high + c]) * fx;
                *out++ = static_cast<uint8_t>(above * (1 - fy) + below * fy + 0.5F);
            }
        }
    });
}

} // namespace lposs::cpu
