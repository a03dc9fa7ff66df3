// Where the encoders look: sliding windows, their patches and what is cut out for the encoders.
#include "checked_size.h"
#include "guard.h"
#include "picture.h"
#include "staging.h"
#include "window_list.h"

#include <algorithm>
#include <cmath>

namespace lposs {
namespace {

void check_window_sizes(int64_t height, int64_t width, int64_t crop, int64_t stride) {
    constexpr int64_t largest = 1 << 30;
    const struct {
        const char* name;
        int64_t value;
    } sizes[] = {{"height", height}, {"width", width}, {"crop", crop}, {"stride", stride}};
    for (const auto& size : sizes)
        if (size.value < 1 || size.value > largest)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is %lld; it may be 1 to %lld pixels", size.name,
                 static_cast<long long>(size.value), static_cast<long long>(largest));
}

/// Windows along one axis.
int64_t steps(int64_t extent, int64_t crop, int64_t stride) {
    return ceil_div(std::max<int64_t>(extent - crop, 0), stride) + 1;
}

} // namespace
} // namespace lposs

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_window_count(int64_t height, int64_t width, int64_t crop, int64_t stride,
                                          int64_t* count) {
    return guard([&] {
        check_window_sizes(height, width, crop, stride);
        if (!count) fail(LPOSS_ERROR_INVALID_ARGUMENT, "count: is NULL");
        *count = steps(height, crop, stride) * steps(width, crop, stride);
    });
}

LPOSS_API lposs_status lposs_windows(int64_t height, int64_t width, int64_t crop, int64_t stride,
                                     const lposs_tensor* windows) {
    return guard([&] {
        check_window_sizes(height, width, crop, stride);
        const int64_t rows = steps(height, crop, stride);
        const int64_t columns = steps(width, crop, stride);
        check_tensor(check_struct(windows, "windows"), "windows", {LPOSS_INT32},
                     {known("count", rows * columns), 4});
        check_host(*windows, "windows");
        auto* window = data_of<Window>(*windows);
        for (int64_t i = 0; i < rows; ++i)
            for (int64_t j = 0; j < columns; ++j) {
                const int64_t y2 = std::min(i * stride + crop, height);
                const int64_t x2 = std::min(j * stride + crop, width);
                *window++ = {static_cast<int32_t>(std::max<int64_t>(y2 - crop, 0)), static_cast<int32_t>(y2),
                             static_cast<int32_t>(std::max<int64_t>(x2 - crop, 0)), static_cast<int32_t>(x2)};
            }
    });
}

LPOSS_API lposs_status lposs_patch_count(const lposs_tensor* windows, int32_t patch_size, int64_t* count) {
    return guard([&] {
        check_patch_size(patch_size, "patch_size");
        if (!count) fail(LPOSS_ERROR_INVALID_ARGUMENT, "count: is NULL");
        *count = patch_count(read_windows(check_struct(windows, "windows"), "windows"), patch_size);
    });
}

LPOSS_API lposs_status lposs_patch_centres(const lposs_tensor* windows, int32_t patch_size,
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

LPOSS_API lposs_status lposs_cut_windows(lposs_context* context, const lposs_tensor* image,
                                         const lposs_tensor* windows, const float* mean, const float* std,
                                         const lposs_tensor* batch) {
    return guard([&] {
        Backend& backend = check_context(context);
        check_picture(check_struct(image, "image"), "image", {LPOSS_UINT8});
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
                fail(LPOSS_ERROR_INVALID_ARGUMENT,
                     "windows: row %zu ends at (%d, %d), outside the picture %s", i, w.y2, w.x2,
                     describe(*image).c_str());
            if (w.height() > batch->shape[2] || w.width() > batch->shape[3])
                fail(LPOSS_ERROR_INVALID_ARGUMENT, "batch: is %s; window %zu of %lld x %lld does not fit",
                     describe(*batch).c_str(), i, static_cast<long long>(w.height()),
                     static_cast<long long>(w.width()));
        }
        const StagedInput<uint8_t> staged_image(backend, *image, "image");
        StagedOutput<float> staged_batch(backend, *batch, "batch");
        backend.cut_windows(staged_image.data(), image->shape[0], image->shape[1], list, mean, std,
                            batch->shape[2], batch->shape[3], staged_batch.data());
        staged_batch.finish();
    });
}

} // extern "C"
