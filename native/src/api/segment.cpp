#include "pipeline/segment.h"
#include "api/guard.h"
#include "core/options.h"
#include "core/report.h"
#include "core/struct_io.h"

namespace lposs {
namespace {

void check_values(const lposs_segment_inputs& inputs, const SegmentPlan& plan) {
    check_finite(inputs.vlm, "inputs.vlm");
    check_finite(inputs.text, "inputs.text");
    if (plan.has_patch_step()) check_finite(inputs.vm, "inputs.vm");
}

void check_apart_from_inputs(const lposs_tensor& output, const char* name, const lposs_segment_inputs& inputs) {
    check_apart(output, name, inputs.image, "inputs.image");
    check_apart(output, name, inputs.vlm, "inputs.vlm");
    check_apart(output, name, inputs.vm, "inputs.vm");
    check_apart(output, name, inputs.text, "inputs.text");
}

} // namespace
} // namespace lposs

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_image_segment(lposs_context* context, const lposs_segment_inputs* inputs,
                                           const lposs_segment_options* options, const lposs_segment_outputs* outputs,
                                           lposs_segment_report* report) {
    return guard(context, [&](Backend& backend) {
        const lposs_segment_inputs in = read_inputs(inputs);
        const lposs_segment_outputs out = read_outputs(outputs);
        lposs_segment_report filled = read_report(report, "report");
        const SegmentPlan plan = plan_segment(backend, in, options, out);
        check_values(in, plan);
        check_apart_from_inputs(out.labels, "outputs.labels", in);
        check_apart_from_inputs(out.confidence, "outputs.confidence", in);
        check_apart_from_inputs(out.scores, "outputs.scores", in);
        check_outputs_apart(out);
        segment(backend, in, plan, out, report ? &filled : nullptr);
        if (report) write_struct(report, filled);
    });
}

LPOSS_API lposs_status lposs_segment_get_memory(lposs_context* context, const lposs_segment_inputs* inputs,
                                                const lposs_segment_options* options,
                                                const lposs_segment_outputs* outputs, int64_t* bytes) {
    return guard(context, [&](const Backend& backend) {
        const lposs_segment_inputs in = read_inputs(inputs);
        const lposs_segment_outputs out = read_outputs(outputs);
        if (!bytes) fail(LPOSS_ERROR_INVALID_ARGUMENT, "bytes: is NULL");
        *bytes = plan_segment(backend, in, options, out).memory;
    });
}

} // extern "C"
