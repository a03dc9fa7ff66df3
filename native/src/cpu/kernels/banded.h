// Pixels, whose classes lie together, to and from vectors of one class of many pixels: a transposition.
#pragma once

#include <stdint.h>

namespace lposs::cpu {

struct BandedKernels {
    /// vectors[c * plane + lane] = pixels[lane * lane_step + c] for c < count, lane < inside; the other lanes get
    /// `outside`.
    void (*gather)(const float* pixels, int64_t lane_step, int64_t count, int32_t inside, float outside, float* vectors,
                   int64_t plane);
    /// The way back, for lane < inside.
    void (*scatter)(const float* vectors, int64_t plane, int64_t count, int32_t inside, float* pixels,
                    int64_t lane_step);
};

} // namespace lposs::cpu
