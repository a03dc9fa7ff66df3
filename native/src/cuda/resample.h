#pragma once
#include "cuda/workspace.h"

namespace lposs::cuda {

/// input [H,W,C] -> channels first_channel .. first_channel + C of output [H',W',output_channels].
void resize(const Workspace& work, const float* input, int64_t height, int64_t width, int64_t channels,
            float* output, int64_t output_height, int64_t output_width, int64_t output_channels,
            int64_t first_channel);

/// input [H,W,C] -> output [H',W',C], 8 bits, rounded half up.
void resize(const Workspace& work, const uint8_t* input, int64_t height, int64_t width, int64_t channels,
            uint8_t* output, int64_t output_height, int64_t output_width);

} // namespace lposs::cuda
