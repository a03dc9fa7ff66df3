#include "api/guard.h"
#include "core/image.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_image_resize(lposs_context* context, const lposs_tensor* input,
                                          const lposs_tensor* output) {
    return guard(context, [&](Backend& backend) {
        check_tensor(check_struct(input, "input"), "input", {LPOSS_FLOAT32, LPOSS_UINT8}, {"H", "W", "C"});
        check_tensor(check_struct(output, "output"), "output", {input->dtype},
                     {"H'", "W'", known("C", input->shape[2])});
        for (const lposs_tensor* tensor : {input, output})
            if (tensor->shape[0] > INT32_MAX || tensor->shape[1] > INT32_MAX)
                fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is %s; height and width may be up to %d",
                     tensor == input ? "input" : "output", describe(*tensor).c_str(), INT32_MAX);
        check_apart(*output, "output", *input, "input");
        check_finite(*input, "input");
        const int64_t channels = input->shape[2];
        if (input->dtype == LPOSS_FLOAT32) {
            const StagedInput<float> staged_input(backend, *input, "input");
            StagedOutput<float> staged_output(backend, *output, "output");
            backend.resize(ResizeArguments{.input = staged_input.data(),
                                           .from = image_size(*input),
                                           .channels = channels,
                                           .output = staged_output.data(),
                                           .to = image_size(*output),
                                           .output_channels = channels,
                                           .first_channel = 0});
            staged_output.finish();
        } else {
            const StagedInput<uint8_t> staged_input(backend, *input, "input");
            StagedOutput<uint8_t> staged_output(backend, *output, "output");
            backend.resize(ResizeBytesArguments{.input = staged_input.data(),
                                                .from = image_size(*input),
                                                .channels = channels,
                                                .output = staged_output.data(),
                                                .to = image_size(*output)});
            staged_output.finish();
        }
    });
}

} // extern "C"
