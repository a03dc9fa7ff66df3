#pragma once
#include "checked_size.h"
#include "cpu/kernels/resample.h"
#include "cpu/workspace.h"

#include <algorithm>

namespace lposs::cpu {

/// One axis of a bilinear resize with half-pixel centres and clamped edges: output i lies between the inputs low[i]
/// and high[i], at `fraction[i]` of the way.
struct BilinearAxis {
    BilinearAxis(int64_t input, int64_t output);
    RowSamples samples(int64_t begin, int64_t end) const; ///< of the outputs [begin, end)

    std::vector<int32_t> low, high;
    std::vector<float> fraction;
};

/// Pixels [begin, end) of row y.
struct RowTile {
    int64_t y, begin, end;
};

/// A picture cut into pieces of rows, one task each: a picture of one long row has many tasks too.
class RowTiles {
public:
    RowTiles(int64_t height, int64_t width)
        : width_(width), per_row_(ceil_div(width, length)), count_(height * per_row_) {}
    int64_t count() const { return count_; }
    RowTile operator[](int64_t index) const {
        const int64_t begin = index % per_row_ * length;
        return {index / per_row_, begin, std::min(begin + length, width_)};
    }

private:
    static constexpr int64_t length = 4096;
    int64_t width_, per_row_, count_;
};

/// input [H,W,C] -> channels first_channel .. first_channel + C of output [H',W',output_channels].
void resize(const Workspace& work, const float* input, int64_t height, int64_t width, int64_t channels,
            float* output, int64_t output_height, int64_t output_width, int64_t output_channels,
            int64_t first_channel);

/// input [H,W,C] -> output [H',W',C], 8 bits, rounded half up.
void resize(const Workspace& work, const uint8_t* input, int64_t height, int64_t width, int64_t channels,
            uint8_t* output, int64_t output_height, int64_t output_width);

} // namespace lposs::cpu
