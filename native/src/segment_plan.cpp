#include "segment_plan.h"

#include "checked_size.h"
#include "label_dtype.h"
#include "options.h"
#include "picture.h"

#include <algorithm>
#include <numeric>

namespace lposs {
namespace {

/// Without a limit, the scores of one block take about this much: more would not be faster, only larger.
constexpr int64_t block_target = int64_t{512} << 20;

void check_sizes(const lposs_segment_inputs& in, const lposs_segment_outputs& out, SegmentPlan& plan) {
    check_patch_size(in.patch_size, "inputs.patch_size");
    plan.windows = read_windows(in.windows, "inputs.windows");
    plan.patches = patch_count(plan.windows, in.patch_size);
    check_tensor(in.vlm, "inputs.vlm", {LPOSS_FLOAT32}, {known("N", plan.patches), "Dv"});
    plan.vlm_dimensions = in.vlm.shape[1];
    check_tensor(in.text, "inputs.text", {LPOSS_FLOAT32}, {"P", known("Dv", plan.vlm_dimensions)});
    plan.prompt_count = in.text.shape[0];
    if (plan.has_patch_step()) {
        check_tensor(in.vm, "inputs.vm", {LPOSS_FLOAT32}, {known("N", plan.patches), "Dm"});
        plan.vm_dimensions = in.vm.shape[1];
    }
    plan.prompts = read_prompt_classes(in.prompt_classes, plan.prompt_count, "inputs.prompt_classes");

    for (const Window& w : plan.windows) {
        plan.height = std::max<int64_t>(plan.height, w.y2);
        plan.width = std::max<int64_t>(plan.width, w.x2);
    }
    if (plan.has_pixel_step() || is_given(in.image)) {
        check_picture(in.image, "inputs.image", {LPOSS_UINT8});
        plan.height = in.image.shape[0];
        plan.width = in.image.shape[1];
    }
    check_node_count(checked_multiply(plan.height, plan.width, "inputs.windows"), "inputs.windows");
    check_cover(plan.windows, plan.height, plan.width, "inputs.windows");

    plan.wants_labels = is_given(out.labels);
    plan.wants_confidence = is_given(out.confidence);
    plan.wants_scores = is_given(out.scores);
    if (!plan.wants_labels && !plan.wants_scores)
        fail(LPOSS_ERROR_INVALID_ARGUMENT,
             "outputs: neither labels nor scores is given; one of them must be");
    const lposs_tensor& first = plan.wants_labels ? out.labels : out.scores;
    plan.output_height = first.shape[0];
    plan.output_width = first.shape[1];
    const Dimension rows = known("H'", plan.output_height);
    const Dimension columns = known("W'", plan.output_width);
    if (plan.wants_labels) {
        check_tensor(out.labels, "outputs.labels", label_dtypes, {"H'", "W'"});
        check_label_dtype(out.labels.dtype, plan.prompts.classes, "outputs.labels");
    }
    if (plan.wants_scores)
        check_tensor(out.scores, "outputs.scores", {LPOSS_FLOAT32},
                     {plan.wants_labels ? rows : Dimension("H'"),
                      plan.wants_labels ? columns : Dimension("W'"), known("C", plan.prompts.classes)});
    if (plan.wants_confidence) {
        check_tensor(out.confidence, "outputs.confidence", {LPOSS_FLOAT32}, {rows, columns});
        if (!plan.wants_labels)
            fail(LPOSS_ERROR_INVALID_ARGUMENT,
                 "outputs.confidence: is given without labels; it goes with them");
    }
    check_node_count(checked_multiply(plan.output_height, plan.output_width, "outputs"), "outputs");
}

/// Classes in order, as many to a block as `most` prompts allow, at least one.
std::vector<ClassBlock> make_blocks(const PromptClasses& prompts, int64_t most) {
    std::vector<int32_t> order(prompts.class_of.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
        return prompts.class_of[static_cast<size_t>(a)] < prompts.class_of[static_cast<size_t>(b)];
    });
    std::vector<ClassBlock> blocks;
    for (size_t at = 0; at < order.size();) {
        const int32_t c = prompts.class_of[static_cast<size_t>(order[at])];
        size_t end = at;
        while (end < order.size() && prompts.class_of[static_cast<size_t>(order[end])] == c) ++end;
        const auto together = static_cast<int64_t>(end - at);
        if (blocks.empty() || static_cast<int64_t>(blocks.back().prompts.size()) + together > most) {
            blocks.emplace_back();
            blocks.back().first_class = c;
        }
        ClassBlock& block = blocks.back();
        ++block.classes;
        for (; at < end; ++at) {
            block.prompts.push_back(order[at]);
            block.class_of.push_back(c - block.first_class);
        }
    }
    return blocks;
}

int64_t staged_bytes(const Backend& backend, const lposs_tensor& tensor) {
    return is_given(tensor) && tensor.memory != memory_of(backend) ? byte_count(tensor) : 0;
}

/// The most that is in use at one time, step by step as segment.cpp goes.
int64_t memory_of_plan(const Backend& backend, const lposs_segment_inputs& in,
                       const lposs_segment_outputs& out, const SegmentPlan& plan) {
    constexpr int64_t element = sizeof(float);
    const int64_t pixels = plan.height * plan.width;
    const int64_t output_pixels = plan.output_height * plan.output_width;
    int64_t kept = plan.patches * plan.prompt_count * element; // the patch scores
    for (const lposs_tensor* tensor : {&in.vlm, &in.text, &in.vm, &in.image})
        kept += staged_bytes(backend, *tensor);
    for (const lposs_tensor* tensor : {&out.labels, &out.confidence, &out.scores})
        kept += staged_bytes(backend, *tensor);

    int64_t peak = kept + backend.similarity_cost(plan.patches, plan.vlm_dimensions, plan.prompt_count);
    if (plan.has_patch_step()) {
        const auto graph =
            backend.patch_graph_cost(plan.patches, plan.vm_dimensions, plan.options.patch_graph);
        const int64_t centres = plan.patches * 2 * element;
        const int64_t solve = backend.patch_propagate_cost(plan.patches, plan.prompt_count);
        peak = std::max(peak, kept + centres + graph.kept + std::max(graph.scratch, solve));
    }
    if (plan.wants_labels) kept += output_pixels * (sizeof(int32_t) + 2 * element); // the label state
    if (plan.has_pixel_step()) {
        const auto graph = backend.pixel_graph_cost(plan.height, plan.width, plan.options.pixel_graph);
        const int64_t lab = pixels * 3 * element;
        peak = std::max(peak, kept + lab + graph.kept + graph.scratch);
        kept += graph.kept;
    }
    for (const ClassBlock& block : plan.blocks) {
        const auto prompts = static_cast<int64_t>(block.prompts.size());
        const int64_t scores = pixels * prompts * element;
        const int64_t merged = prompts > block.classes ? pixels * block.classes * element : 0;
        const int64_t solve = plan.has_pixel_step()
                                  ? backend.pixel_propagate_cost(plan.height, plan.width,
                                                                 plan.options.pixel_graph.radius, prompts)
                                  : 0;
        peak = std::max(peak, kept + scores + std::max(merged, solve));
    }
    return memory_with_slack(peak);
}

} // namespace

SegmentPlan plan_segment(const Backend& backend, const lposs_segment_inputs& inputs,
                         const lposs_segment_options* options, const lposs_segment_outputs& outputs) {
    check_options(&inputs, "inputs");
    check_options(&outputs, "outputs");
    SegmentPlan plan;
    plan.options = resolve(options, "options");
    check_sizes(inputs, outputs, plan);

    const int64_t bytes_per_prompt = plan.height * plan.width * static_cast<int64_t>(sizeof(float));
    int64_t most = std::max<int64_t>(block_target / bytes_per_prompt, 1);
    const int64_t limit = backend.pool()->limit();
    for (;;) {
        plan.blocks = make_blocks(plan.prompts, most);
        plan.memory = memory_of_plan(backend, inputs, outputs, plan);
        if (limit == 0 || plan.memory <= limit) return plan;
        int64_t largest = 0;
        for (const ClassBlock& block : plan.blocks)
            largest = std::max(largest, static_cast<int64_t>(block.prompts.size()));
        if (most == 1)
            fail(LPOSS_ERROR_MEMORY_LIMIT,
                 "memory_limit: %lld bytes; segmenting %lld x %lld pixels with %lld prompts takes %lld at "
                 "least",
                 static_cast<long long>(limit), static_cast<long long>(plan.height),
                 static_cast<long long>(plan.width), static_cast<long long>(plan.prompt_count),
                 static_cast<long long>(plan.memory));
        most = std::max<int64_t>(std::min(most, largest) / 2, 1);
    }
}

} // namespace lposs
