#include "picture.h"

#include "checked_size.h"

namespace lposs {

void check_picture(const lposs_tensor& image, const char* name, std::initializer_list<lposs_dtype> dtypes) {
    check_tensor(image, name, dtypes, {"H", "W", 3});
    check_node_count(checked_multiply(image.shape[0], image.shape[1], name), name);
    check_finite(image, name);
    if (image.dtype != LPOSS_FLOAT32 || image.memory != LPOSS_MEMORY_HOST) return;
    const auto* values = data_of<const float>(image);
    const int64_t count = element_count(image);
    for (int64_t i = 0; i < count; ++i)
        if (!(values[i] >= 0.0F && values[i] <= 1.0F))
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: value %lld is %g; sRGB in float32 may be 0 to 1", name,
                 static_cast<long long>(i), static_cast<double>(values[i]));
}

Buffer<float> staged_lab(Backend& backend, const lposs_tensor& image, const char* name) {
    const int64_t pixels = image.shape[0] * image.shape[1];
    Buffer<float> lab(backend.pool(), pixels * 3);
    if (image.dtype == LPOSS_UINT8) {
        const StagedInput<uint8_t> staged(backend, image, name);
        backend.rgb_to_lab(staged.data(), pixels, lab.data());
    } else {
        const StagedInput<float> staged(backend, image, name);
        backend.rgb_to_lab(staged.data(), pixels, lab.data());
    }
    return lab;
}

} // namespace lposs
