#include "api/guard.h"
#include "core/image.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_image_convert_to_lab(lposs_context* context, const lposs_tensor* image,
                                                  const lposs_tensor* lab) {
    return guard(context, [&](Backend& backend) {
        check_image(check_struct(image, "image"), "image", {LPOSS_UINT8, LPOSS_FLOAT32});
        check_tensor(check_struct(lab, "lab"), "lab", {LPOSS_FLOAT32},
                     {known("H", image->shape[0]), known("W", image->shape[1]), 3});
        check_apart(*lab, "lab", *image, "image");
        StagedOutput<float> staged_lab(backend, *lab, "lab");
        convert_to_lab(backend, *image, "image", staged_lab.data());
        staged_lab.finish();
    });
}

} // extern "C"
