#include "guard.h"
#include "staging.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_resize(lposs_context* context, const lposs_tensor* input,
                                    const lposs_tensor* output) {
    return guard([&] {
        Backend& backend = check_context(context);
        check_tensor(check_struct(input, "input"), "input", {LPOSS_FLOAT32, LPOSS_UINT8}, {"H", "W", "C"});
        check_tensor(check_struct(output, "output"), "output", {input->dtype},
                     {"H'", "W'", known("C", input->shape[2])});
        for (const lposs_tensor* tensor : {input, output})
            if (tensor->shape[0] > INT32_MAX || tensor->shape[1] > INT32_MAX)
                fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is %s; height and width may be up to %d",
                     tensor == input ? "input" : "output", describe(*tensor).c_str(), INT32_MAX);
        check_apart(*output, "output", *input, "input");
        check_finite(*input, "input");
        const int64_t* from = input->shape;
        const int64_t* to = output->shape;
        if (input->dtype == LPOSS_FLOAT32) {
            const StagedInput<float> staged_input(backend, *input, "input");
            StagedOutput<float> staged_output(backend, *output, "output");
            backend.resize(staged_input.data(), from[0], from[1], from[2], staged_output.data(), to[0], to[1],
                           to[2], 0);
            staged_output.finish();
        } else {
            const StagedInput<uint8_t> staged_input(backend, *input, "input");
            StagedOutput<uint8_t> staged_output(backend, *output, "output");
            backend.resize(staged_input.data(), from[0], from[1], from[2], staged_output.data(), to[0],
                           to[1]);
            staged_output.finish();
        }
    });
}

} // extern "C"
