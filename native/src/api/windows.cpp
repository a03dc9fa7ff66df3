// Where the encoders look: sliding windows, their patches and what is cut out for the encoders.
#include "api/guard.h"
#include "core/checked_size.h"
#include "core/image.h"
#include "core/staging.h"
#include "core/window_list.h"

#include <algorithm>
#include <cmath>

namespace lposs {
namespace {

void check_window_sizes(int64_t height, int64_t width, int64_t window, int64_t stride) {
    constexpr int64_t largest = 1 << 30;
    const struct {
        const char* name;
        int64_t value;
    } sizes[] = {{"height", height}, {"width", width}, {"window", window}, {"stride", stride}};
    for (const auto& size : sizes)
        if (size.value < 1 || size.value > largest)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is %lld; it may be 1 to %lld pixels", size.name,
                 static_cast<long long>(size.value), static_cast<long long>(largest));
}

/// Windows along one axis.
int64_t steps(int64_t extent, int64_t window, int64_t stride) {
    return ceil_div(std::max<int64_t>(extent - window, 0), stride) + 1;
}

} // namespace
} // namespace lposs

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_windows_count(int64_t height, int64_t width, int64_t window, int64_t stride,
                                           int64_t* count) {
    return guard([&] {
        check_window_sizes(height, width, window, stride);
        if (!count) fail(LPOSS_ERROR_INVALID_ARGUMENT, "count: is NULL");
        *count = steps(height, window, stride) * steps(width, window, stride);
    });
}

LPOSS_API lposs_status lposs_windows_fill(int64_t height, int64_t width, int64_t window, int64_t stride,
                                          const lposs_tensor* windows) {
    return guard([&] {
        check_window_sizes(height, width, window, stride);
        const int64_t rows = steps(height, window, stride);
        const int64_t columns = steps(width, window, stride);
        check_tensor(check_struct(windows, "windows"), "windows", {LPOSS_INT32}, {known("count", rows * columns), 4});
        check_host(*windows, "windows");
        auto* row = data_of<Window>(*windows);
        for (int64_t i = 0; i < rows; ++i)
            for (int64_t j = 0; j < columns; ++j) {
                const int64_t y2 = std::min(i * stride + window, height);
                const int64_t x2 = std::min(j * stride + window, width);
                *row++ = {static_cast<int32_t>(std::max<int64_t>(y2 - window, 0)), static_cast<int32_t>(y2),
                          static_cast<int32_t>(std::max<int64_t>(x2 - window, 0)), static_cast<int32_t>(x2)};
            }
    });
}

LPOSS_API lposs_status lposs_patches_count(const lposs_tensor* windows, int32_t patch_size, int64_t* count) {
    return guard([&] {
        check_patch_size(patch_size, "patch_size");
        if (!count) fail(LPOSS_ERROR_INVALID_ARGUMENT, "count: is NULL");
        *count = patch_count(read_windows(check_struct(windows, "windows"), "windows"), patch_size);
    });
}

LPOSS_API lposs_status lposs_patches_get_centres(const lposs_tensor* windows, int32_t patch_size,
                                                 const lposs_tensor* centres) {
    return guard([&] {
        check_patch_size(patch_size, "patch_size");
        const auto list = read_windows(check_struct(windows, "windows"), "windows");
        check_tensor(check_struct(centres, "centres"), "centres", {LPOSS_FLOAT32},
                     {known("N", patch_count(list, patch_size)), 2});
        check_host(*centres, "centres");
        const auto values = patch_centres(list, patch_size);
        std::copy(values.begin(), values.end(), data_of<float>(*centres));
    });
}

LPOSS_API lposs_status lposs_windows_cut(lposs_context* context, const lposs_tensor* image, const lposs_tensor* windows,
                                         const float* mean, const float* std, const lposs_tensor* batch) {
    return guard(context, [&](Backend& backend) {
        check_image(check_struct(image, "image"), "image", {LPOSS_UINT8});
        const auto list = read_windows(check_struct(windows, "windows"), "windows");
        check_tensor(check_struct(batch, "batch"), "batch", {LPOSS_FLOAT32},
                     {known("n", windows->shape[0]), 3, "h", "w"});
        if (!mean || !std)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is NULL; it must be 3 numbers", mean ? "std" : "mean");
        for (int i = 0; i < 3; ++i)
            if (!std::isfinite(mean[i]) || !std::isfinite(std[i]) || std[i] <= 0.0F)
                fail(LPOSS_ERROR_INVALID_ARGUMENT,
                     "mean, std: channel %d has %g and %g; both must be finite and std above 0", i,
                     static_cast<double>(mean[i]), static_cast<double>(std[i]));
        for (size_t i = 0; i < list.size(); ++i) {
            const Window& w = list[i];
            if (w.y2 > image->shape[0] || w.x2 > image->shape[1])
                fail(LPOSS_ERROR_INVALID_ARGUMENT, "windows: row %zu ends at (%d, %d), outside the image of %s", i,
                     w.y2, w.x2, describe(*image).c_str());
            if (w.height() > batch->shape[2] || w.width() > batch->shape[3])
                fail(LPOSS_ERROR_INVALID_ARGUMENT, "batch: is %s; window %zu of %lld x %lld does not fit",
                     describe(*batch).c_str(), i, static_cast<long long>(w.height()),
                     static_cast<long long>(w.width()));
        }
        const StagedInput<uint8_t> staged_image(backend, *image, "image");
        StagedOutput<float> staged_batch(backend, *batch, "batch");
        backend.cut_windows({.image = staged_image.data(),
                             .size = image_size(*image),
                             .windows = list,
                             .host_mean = mean,
                             .host_std = std,
                             .batch_size = {batch->shape[2], batch->shape[3]},
                             .batch = staged_batch.data()});
        staged_batch.finish();
    });
}

} // extern "C"
