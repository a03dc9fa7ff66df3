#include "pipeline/segment_plan.h"

#include "core/checked_size.h"
#include "core/image.h"
#include "core/options.h"

#include <algorithm>

namespace lposs {
namespace {

void check_inputs(const Backend& backend, const lposs_segment_inputs& in, SegmentPlan& plan) {
    check_patch_size(in.patch_size, "inputs.patch_size");
    plan.windows = read_windows(in.windows, "inputs.windows");
    plan.patches = patch_count(plan.windows, in.patch_size);
    check_tensor(in.vlm, "inputs.vlm", {LPOSS_FLOAT32}, {known("N", plan.patches), "Dv"});
    plan.vlm_dimensions = in.vlm.shape[1];
    check_tensor(in.text, "inputs.text", {LPOSS_FLOAT32}, {"P", known("Dv", plan.vlm_dimensions)});
    if (plan.has_patch_step() || is_given(in.vm)) {
        check_tensor(in.vm, "inputs.vm", {LPOSS_FLOAT32}, {known("N", plan.patches), "Dm"});
        plan.vm_dimensions = in.vm.shape[1];
    }
    PixelPlan& pixel = plan.pixel;
    pixel.prompts = read_prompt_classes(*backend.pool(), in.prompt_classes, in.text.shape[0], "inputs.prompt_classes");
    for (const Window& w : plan.windows) {
        pixel.size.height = std::max<int64_t>(pixel.size.height, w.y2);
        pixel.size.width = std::max<int64_t>(pixel.size.width, w.x2);
    }
    if (pixel.has_pixel_step || is_given(in.image)) {
        check_image(in.image, "inputs.image", {LPOSS_UINT8});
        pixel.size = image_size(in.image);
    }
    check_node_count(checked_multiply(pixel.size.height, pixel.size.width, "inputs.windows"), "inputs.windows");
    check_cover(plan.windows, pixel.size.height, pixel.size.width, "inputs.windows");
}

} // namespace

SegmentPlan plan_segment(const Backend& backend, const lposs_segment_inputs& in, const lposs_segment_options* options,
                         const lposs_segment_outputs& out) {
    SegmentPlan plan;
    plan.options = resolve(options, "options");
    plan.pixel.has_pixel_step = plan.options.mode == LPOSS_MODE_LPOSS_PLUS;
    plan.pixel.graph_options = plan.options.pixel_graph;
    plan.pixel.solver = plan.options.pixel_solver;
    check_inputs(backend, in, plan);
    plan_outputs(out, plan.pixel);

    constexpr int64_t element = sizeof(float);
    const int64_t prompts = plan.pixel.prompt_count();
    int64_t kept = plan.patches * prompts * element; // the patch scores
    int64_t before = kept + staged_bytes(backend, in.vlm) + staged_bytes(backend, in.text) +
                     backend.similarity_cost({.n = plan.patches, .d = plan.vlm_dimensions, .prompts = prompts});
    if (plan.has_patch_step()) {
        const Cost graph =
            backend.patch_graph_cost({.n = plan.patches, .d = plan.vm_dimensions, .options = plan.options.patch_graph});
        const int64_t inputs = plan.patches * 2 * element + staged_bytes(backend, in.vm);
        const int64_t solve = backend.patch_propagate_cost(plan.patches, prompts);
        before = std::max(before, kept + inputs + graph.kept + std::max(graph.scratch, solve));
    }
    for (const lposs_tensor* tensor : {&in.image, &out.labels, &out.confidence, &out.scores})
        kept += staged_bytes(backend, *tensor);
    plan.memory = plan_blocks(backend, before, kept, plan.pixel);
    return plan;
}

} // namespace lposs
