#pragma once

#include <cstdint>

namespace lposs {

struct ImageSize {
    int64_t height, width;
    int64_t pixels() const { return height * width; }
    bool operator==(const ImageSize& other) const { return height == other.height && width == other.width; }
};

} // namespace lposs
