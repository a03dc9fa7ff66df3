#include "core/image.h"

#include "core/checked_size.h"

namespace lposs {

void check_image(const lposs_tensor& image, const char* name, std::initializer_list<lposs_dtype> dtypes) {
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

void convert_to_lab(Backend& backend, const lposs_tensor& image, const char* name, float* lab) {
    const int64_t pixels = image_size(image).pixels();
    if (image.dtype == LPOSS_UINT8) {
        const StagedInput<uint8_t> staged(backend, image, name);
        backend.rgb_to_lab(LabArguments<uint8_t>{.image = staged.data(), .lab = lab, .pixels = pixels});
    } else {
        const StagedInput<float> staged(backend, image, name);
        backend.rgb_to_lab(LabArguments<float>{.image = staged.data(), .lab = lab, .pixels = pixels});
    }
}

Buffer<float> staged_lab(Backend& backend, const lposs_tensor& image, const char* name) {
    Buffer<float> lab(backend.pool(), image_size(image).pixels() * 3);
    convert_to_lab(backend, image, name, lab.data());
    return lab;
}

} // namespace lposs
