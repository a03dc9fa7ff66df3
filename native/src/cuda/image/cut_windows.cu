#include "core/operations/cut_windows.h"

#include "cuda/runtime/upload.h"

#include <array>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;

/// One block per row of the batch: planes of a window from interleaved pixels; normalised [3,256].
__global__ void cut_windows_kernel(const uint8_t* image, int64_t width, const Window* windows, const float* normalised,
                                   int64_t batch_height, int64_t batch_width, float* batch) {
    const int64_t number = blockIdx.x / batch_height, y = blockIdx.x % batch_height;
    const Window window = windows[number];
    const int64_t filled = y < window.y2 - window.y1 ? window.x2 - window.x1 : 0;
    const uint8_t* from = image + ((window.y1 + y) * width + window.x1) * 3;
    for (int64_t x = threadIdx.x; x < batch_width; x += threads)
        for (int64_t c = 0; c < 3; ++c)
            batch[((number * 3 + c) * batch_height + y) * batch_width + x] =
                x < filled ? normalised[c * 256 + from[x * 3 + c]] : 0.0f;
}

} // namespace

// ---------------------------------------------------------------------------- launchers

void cut_windows(const Workspace& work, const CutWindowsArguments& a) {
    // 256 values are all that a channel can become.
    std::array<float, 3 * 256> values;
    for (size_t c = 0; c < 3; ++c)
        for (size_t value = 0; value < 256; ++value)
            values[c * 256 + value] =
                static_cast<float>((static_cast<double>(value) / 255.0 - static_cast<double>(a.host_mean[c])) /
                                   static_cast<double>(a.host_std[c]));
    const auto normalised = upload(work, values.data(), static_cast<int64_t>(values.size()), "normalised values");
    const auto count = static_cast<int64_t>(a.windows.size());
    const auto places = upload(work, a.windows.data(), count, "windows");
    GPU_LAUNCH(cut_windows_kernel, block_count(count * a.batch_size.height, 1), threads, 0, work.stream, a.image,
               a.size.width, places.data(), normalised.data(), a.batch_size.height, a.batch_size.width, a.batch);
}

} // namespace lposs::cuda
