// The whole method on one picture: one call, nothing returns to the caller half-way.
#include "guard.h"
#include "options.h"
#include "picture.h"
#include "report.h"
#include "segment_plan.h"

namespace lposs {
namespace {

using Report = lposs_segment_report;

/// Patch scores [N,P] after similarity and, unless the mode is VLM, propagation over patches.
Buffer<float> score_patches(Backend& backend, const lposs_segment_inputs& inputs, const SegmentPlan& plan,
                            StageClock& clock, SolveResult* result) {
    const int64_t prompts = plan.pixel.prompt_count();
    Buffer<float> scores(backend.pool(), plan.patches * prompts);
    {
        const StagedInput<float> vlm(backend, inputs.vlm, "inputs.vlm");
        const StagedInput<float> text(backend, inputs.text, "inputs.text");
        backend.similarity(vlm.data(), plan.patches, plan.vlm_dimensions, text.data(), prompts,
                           scores.data());
    }
    clock.lap(&Report::similarity_ms);
    if (!plan.has_patch_step()) return scores;

    const auto host_centres = patch_centres(plan.windows, inputs.patch_size);
    const Buffer<float> centres(backend.pool(), plan.patches * 2);
    backend.copy(centres.data(), memory_of(backend), host_centres.data(), LPOSS_MEMORY_HOST,
                 host_centres.size() * sizeof(float));
    std::unique_ptr<Graph> graph;
    {
        const StagedInput<float> vm(backend, inputs.vm, "inputs.vm");
        graph = backend.patch_graph(vm.data(), plan.patches, plan.vm_dimensions, centres.data(),
                                    plan.options.patch_graph);
    }
    clock.lap(&Report::patch_graph_ms);
    if (plan.options.patch_solver.subtract_class_mean)
        backend.subtract_row_means(scores.data(), plan.patches, prompts, scores.data());
    backend.propagate(*graph, scores.data(), prompts, scores.data(), plan.options.patch_solver, result);
    clock.lap(&Report::patch_solve_ms);
    return scores;
}

void segment(Backend& backend, const lposs_segment_inputs& inputs, const SegmentPlan& plan,
             const lposs_segment_outputs& outputs, lposs_segment_report* report) {
    StageClock clock(backend);
    SolveResult patch_result, pixel_result;
    const int64_t prompts = plan.pixel.prompt_count();
    const Buffer<float> patch_scores =
        score_patches(backend, inputs, plan, clock, report ? &patch_result : nullptr);

    // Stitching is linear, so a mean over classes that is taken off the patches is off the pixels too.
    if (plan.pixel.has_pixel_step && plan.pixel.solver.subtract_class_mean)
        backend.subtract_row_means(patch_scores.data(), plan.patches, prompts, patch_scores.data());

    const auto stitch = [&](const ClassBlock& block, float* scores) {
        backend.stitch(patch_scores.data(), prompts, block.prompts.data(),
                       static_cast<int64_t>(block.prompts.size()), plan.windows, inputs.patch_size,
                       plan.pixel.height, plan.pixel.width, scores);
    };
    run_class_blocks(backend, plan.pixel, inputs.image, stitch, outputs, clock,
                     report ? &pixel_result : nullptr);

    if (!report) return;
    clock.read(*report);
    if (plan.has_patch_step())
        fill_report(patch_result, plan.options.patch_solver.tolerance, report->patch_solve_ms, report->patch);
    if (plan.pixel.has_pixel_step)
        fill_report(pixel_result, plan.pixel.solver.tolerance, report->pixel_solve_ms, report->pixel);
}

void check_values(const lposs_segment_inputs& inputs, const SegmentPlan& plan) {
    check_finite(inputs.vlm, "inputs.vlm");
    check_finite(inputs.text, "inputs.text");
    if (plan.has_patch_step()) check_finite(inputs.vm, "inputs.vm");
}

void check_apart_from_inputs(const lposs_tensor& output, const char* name,
                             const lposs_segment_inputs& inputs) {
    check_apart(output, name, inputs.image, "inputs.image");
    check_apart(output, name, inputs.vlm, "inputs.vlm");
    check_apart(output, name, inputs.vm, "inputs.vm");
    check_apart(output, name, inputs.text, "inputs.text");
}

} // namespace
} // namespace lposs

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_segment(lposs_context* context, const lposs_segment_inputs* inputs,
                                     const lposs_segment_options* options,
                                     const lposs_segment_outputs* outputs, lposs_segment_report* report) {
    return guard([&] {
        Backend& backend = check_context(context);
        check_options(inputs, "inputs");
        check_options(outputs, "outputs");
        check_report(report, "report");
        const SegmentPlan plan = plan_segment(backend, *inputs, options, *outputs);
        check_values(*inputs, plan);
        check_apart_from_inputs(outputs->labels, "outputs.labels", *inputs);
        check_apart_from_inputs(outputs->confidence, "outputs.confidence", *inputs);
        check_apart_from_inputs(outputs->scores, "outputs.scores", *inputs);
        check_outputs_apart(*outputs);
        segment(backend, *inputs, plan, *outputs, report);
    });
}

LPOSS_API lposs_status lposs_segment_memory(lposs_context* context, const lposs_segment_inputs* inputs,
                                            const lposs_segment_options* options,
                                            const lposs_segment_outputs* outputs, int64_t* bytes) {
    return guard([&] {
        const Backend& backend = check_context(context);
        check_options(inputs, "inputs");
        check_options(outputs, "outputs");
        if (!bytes) fail(LPOSS_ERROR_INVALID_ARGUMENT, "bytes: is NULL");
        *bytes = plan_segment(backend, *inputs, options, *outputs).memory;
    });
}

} // extern "C"
