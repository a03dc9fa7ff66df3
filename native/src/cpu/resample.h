#pragma once
#include "cpu/workspace.h"

namespace lposs::cpu {

/// One axis of a bilinear resize with half-pixel centres and clamped edges: output i lies between the inputs low[i]
/// and high[i], at `fraction[i]` of the way.
struct BilinearAxis {
    BilinearAxis(int64_t input, int64_t output);
    std::vector<int32_t> low, high;
    std::vector<float> fraction;
};

/// input [H,W,C] -> channels first_channel .. first_channel + C of output [H',W',output_channels].
void resize(const Workspace& work, const float* input, int64_t height, int64_t width, int64_t channels,
            float* output, int64_t output_height, int64_t output_width, int64_t output_channels,
            int64_t first_channel);

/// input [H,W,C] -> output [H',W',C], 8 bits, rounded half up.
void resize(const Workspace& work, const uint8_t* input, int64_t height, int64_t width, int64_t channels,
            uint8_t* output, int64_t output_height, int64_t output_width);

} // namespace lposs::cpu
