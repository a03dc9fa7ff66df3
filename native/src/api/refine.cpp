#include "pipeline/refine.h"
#include "api/guard.h"
#include "core/options.h"
#include "core/report.h"
#include "core/struct_io.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_image_refine(lposs_context* context, const lposs_refine_inputs* inputs,
                                          const lposs_refine_options* options, const lposs_segment_outputs* outputs,
                                          lposs_segment_report* report) {
    return guard(context, [&](Backend& backend) {
        const lposs_refine_inputs in = read_inputs(inputs);
        const lposs_segment_outputs out = read_outputs(outputs);
        lposs_segment_report filled = read_report(report, "report");
        const RefinePlan plan = plan_refine(backend, in, options, out);
        if (plan.from_labels)
            check_labels(in, plan);
        else
            check_finite(in.scores, "inputs.scores", largest_score);
        for (const lposs_tensor* source : {&in.image, &in.scores, &in.labels}) {
            check_apart(out.labels, "outputs.labels", *source, "an input");
            check_apart(out.confidence, "outputs.confidence", *source, "an input");
            check_apart(out.scores, "outputs.scores", *source, "an input");
        }
        check_outputs_apart(out);
        refine(backend, in, plan, out, report ? &filled : nullptr);
        if (report) write_struct(report, filled);
    });
}

LPOSS_API lposs_status lposs_refine_get_memory(lposs_context* context, const lposs_refine_inputs* inputs,
                                               const lposs_refine_options* options,
                                               const lposs_segment_outputs* outputs, int64_t* bytes) {
    return guard(context, [&](const Backend& backend) {
        const lposs_refine_inputs in = read_inputs(inputs);
        const lposs_segment_outputs out = read_outputs(outputs);
        if (!bytes) fail(LPOSS_ERROR_INVALID_ARGUMENT, "bytes: is NULL");
        *bytes = plan_refine(backend, in, options, out).memory;
    });
}

} // extern "C"
