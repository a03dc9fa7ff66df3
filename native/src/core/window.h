#pragma once

#include <cstdint>

namespace lposs {

/// y1, y2, x1, x2 in pixels, end exclusive: one row of the ABI's `windows`.
struct Window {
    int32_t y1, y2, x1, x2;
    int64_t height() const { return y2 - y1; }
    int64_t width() const { return x2 - x1; }
};
static_assert(sizeof(Window) == 16);

} // namespace lposs
