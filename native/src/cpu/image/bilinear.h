#pragma once
#include "core/checked_size.h"
#include "core/image_size.h"
#include "cpu/kernels/resize.h"
#include "cpu/runtime/workspace.h"

#include <algorithm>

namespace lposs::cpu {

/// One axis of a bilinear resize with half-pixel centres and clamped edges: output i lies between the inputs low[i] and
/// high[i], at `fraction[i]` of the way.
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

/// An image cut into pieces of rows, one task each: an image of one long row has many tasks too.
class RowTiles {
public:
    explicit RowTiles(ImageSize size)
        : width_(size.width), per_row_(ceil_div(size.width, length)), count_(size.height * per_row_) {}
    int64_t count() const { return count_; }
    RowTile operator[](int64_t index) const {
        const int64_t begin = index % per_row_ * length;
        return {index / per_row_, begin, std::min(begin + length, width_)};
    }

private:
    static constexpr int64_t length = 4096;
    int64_t width_, per_row_, count_;
};

} // namespace lposs::cpu
