#include "guard.h"
#include "picture.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_rgb_to_lab(lposs_context* context, const lposs_tensor* image,
                                        const lposs_tensor* lab) {
    return guard([&] {
        Backend& backend = check_context(context);
        check_picture(check_struct(image, "image"), "image", {LPOSS_UINT8, LPOSS_FLOAT32});
        check_tensor(check_struct(lab, "lab"), "lab", {LPOSS_FLOAT32},
                     {known("H", image->shape[0]), known("W", image->shape[1]), 3});
        check_apart(*lab, "lab", *image, "image");
        const int64_t pixels = image->shape[0] * image->shape[1];
        StagedOutput<float> staged_lab_values(backend, *lab, "lab");
        if (image->dtype == LPOSS_UINT8) {
            const StagedInput<uint8_t> staged_image(backend, *image, "image");
            backend.rgb_to_lab(staged_image.data(), pixels, staged_lab_values.data());
        } else {
            const StagedInput<float> staged_image(backend, *image, "image");
            backend.rgb_to_lab(staged_image.data(), pixels, staged_lab_values.data());
        }
        staged_lab_values.finish();
    });
}

} // extern "C"
