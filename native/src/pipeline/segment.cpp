// The whole method on one image: nothing returns to the caller half-way.
#include "pipeline/segment.h"

#include "core/report.h"
#include "core/staging.h"

namespace lposs {
namespace {

using Report = lposs_segment_report;

/// Takes each row's mean off scores [rows,prompts].
void subtract_row_means(Backend& backend, const Buffer<float>& scores, int64_t prompts) {
    backend.subtract_row_means(
        {.y = scores.data(), .x = scores.data(), .m = scores.count() / prompts, .columns = prompts});
}

/// Patch scores [N,P] after similarity and, unless the mode is VLM, propagation over patches.
Buffer<float> score_patches(Backend& backend, const lposs_segment_inputs& inputs, const SegmentPlan& plan,
                            StageClock& clock, SolveResult* result) {
    const int64_t prompts = plan.pixel.prompt_count();
    Buffer<float> scores(backend.pool(), plan.patches * prompts);
    {
        const StagedInput<float> vlm(backend, inputs.vlm, "inputs.vlm");
        const StagedInput<float> text(backend, inputs.text, "inputs.text");
        backend.similarity({.features = vlm.data(),
                            .text = text.data(),
                            .scores = scores.data(),
                            .n = plan.patches,
                            .d = plan.vlm_dimensions,
                            .prompts = prompts});
    }
    clock.lap(&Report::similarity_ms);
    if (!plan.has_patch_step()) return scores;

    const auto host_centres = patch_centres(plan.windows, inputs.patch_size);
    const Buffer<float> centres(backend.pool(), plan.patches * 2);
    backend.copy(centres.data(), memory_of(backend), host_centres.data(), LPOSS_MEMORY_HOST,
                 host_centres.size() * sizeof(float));
    std::unique_ptr<Graph> graph;
    backend.progress().begin(LPOSS_STAGE_PATCH_GRAPH, 0.02, 0.1);
    {
        const StagedInput<float> vm(backend, inputs.vm, "inputs.vm");
        graph = backend.patch_graph({.features = vm.data(),
                                     .centres = centres.data(),
                                     .n = plan.patches,
                                     .d = plan.vm_dimensions,
                                     .options = plan.options.patch_graph});
    }
    clock.lap(&Report::patch_graph_ms);
    backend.progress().begin(LPOSS_STAGE_PATCH_SOLVE, 0.1, 0.15);
    if (plan.options.patch_solver.subtract_class_mean) subtract_row_means(backend, scores, prompts);
    backend.propagate(*graph, {.y = scores.data(),
                               .x = scores.data(),
                               .columns = prompts,
                               .options = plan.options.patch_solver,
                               .result = result});
    if (result) require_finite(*result);
    clock.lap(&Report::patch_solve_ms);
    return scores;
}

} // namespace

void segment(Backend& backend, const lposs_segment_inputs& inputs, const SegmentPlan& plan,
             const lposs_segment_outputs& outputs, lposs_segment_report* report) {
    StageClock clock(backend);
    SolveResult patch_result, pixel_result;
    const int64_t prompts = plan.pixel.prompt_count();
    const Buffer<float> patch_scores =
        score_patches(backend, inputs, plan, clock, reads_result(backend, report) ? &patch_result : nullptr);

    // Stitching is linear, so a mean over classes that is taken off the patches is off the pixels too.
    if (plan.pixel.has_pixel_step && plan.pixel.solver.subtract_class_mean)
        subtract_row_means(backend, patch_scores, prompts);

    const auto stitch = [&](const ClassBlock& block, float* scores) {
        backend.stitch({.patch_scores = patch_scores.data(),
                        .prompts = prompts,
                        .host_columns = block.prompts.data(),
                        .count = static_cast<int64_t>(block.prompts.size()),
                        .windows = plan.windows,
                        .patch_size = inputs.patch_size,
                        .scores = scores,
                        .size = plan.pixel.size});
    };
    run_class_blocks(backend, plan.pixel, inputs.image, stitch, outputs, clock,
                     reads_result(backend, report) ? &pixel_result : nullptr);

    if (!report) return;
    clock.read(*report);
    if (plan.has_patch_step())
        fill_report(patch_result, plan.options.patch_solver.tolerance, report->patch_solve_ms, report->patch);
    if (plan.pixel.has_pixel_step)
        fill_report(pixel_result, plan.pixel.solver.tolerance, report->pixel_solve_ms, report->pixel);
}

} // namespace lposs
