#include "class_blocks.h"

#include "checked_size.h"
#include "label_dtype.h"
#include "picture.h"

#include <algorithm>
#include <numeric>

namespace lposs {
namespace {

using Report = lposs_segment_report;

/// Without a limit, the scores of one block take about this much. More is faster for large pictures, since a block
/// reads or makes all weights at each step. But 3840 x 2160 pixels with 21 classes are to stay under 4 GiB on the CPU; on
/// a card of 24 GiB they are to go in one piece.
int64_t block_target(const Backend& backend) {
    return backend.device() == LPOSS_DEVICE_CUDA ? int64_t{1} << 30 : int64_t{160} << 20;
}

constexpr int64_t element = sizeof(float);

/// Blocks that a MemoryPool hands out again may be a 64th larger than what was asked for, and each is rounded
/// up.
int64_t with_slack(int64_t bytes) {
    return bytes + bytes / 64 + (int64_t{1} << 16);
}

/// Classes in order, as many to a block as `most` prompts allow, at least one.
std::vector<ClassBlock> make_blocks(const PromptClasses& prompts, int64_t most) {
    std::vector<int32_t> order(prompts.class_of.size());
    std::iota(order.begin(), order.end(), 0);
    const auto class_of = [&](int32_t prompt) { return prompts.class_of[static_cast<size_t>(prompt)]; };
    std::stable_sort(order.begin(), order.end(),
                     [&](int32_t a, int32_t b) { return class_of(a) < class_of(b); });

    std::vector<ClassBlock> blocks;
    for (size_t at = 0; at < order.size();) {
        const int32_t c = class_of(order[at]);
        size_t end = at;
        while (end < order.size() && class_of(order[end]) == c) ++end;
        const auto together = static_cast<int64_t>(end - at);
        if (blocks.empty() || static_cast<int64_t>(blocks.back().prompts.size()) + together > most)
            blocks.push_back({c, 0, {}, {}});
        ClassBlock& block = blocks.back();
        ++block.classes;
        for (; at < end; ++at) {
            block.prompts.push_back(order[at]);
            block.class_of.push_back(c - block.first_class);
        }
    }
    return blocks;
}

/// The most that is in use at one time, step by step as run_class_blocks goes.
int64_t memory_of_blocks(const Backend& backend, int64_t kept, const PixelPlan& plan) {
    int64_t peak = kept;
    if (plan.has_pixel_step) {
        const auto graph = backend.pixel_graph_cost(plan.height, plan.width, plan.graph_options);
        const int64_t lab = plan.pixels() * 3 * element;
        peak = std::max(peak, kept + lab + graph.kept + graph.scratch);
        kept += graph.kept;
    }
    if (plan.wants_labels)
        kept += plan.output_pixels() * (static_cast<int64_t>(sizeof(int32_t)) + 2 * element);
    for (const ClassBlock& block : plan.blocks) {
        const auto prompts = static_cast<int64_t>(block.prompts.size());
        const int64_t scores = plan.pixels() * prompts * element;
        const int64_t merged = prompts > block.classes ? plan.pixels() * block.classes * element : 0;
        const int64_t solve =
            plan.has_pixel_step
                ? backend.pixel_propagate_cost(plan.height, plan.width, plan.graph_options.radius, prompts)
                : 0;
        peak =
            std::max(peak, kept + scores + std::max({merged, solve, prompts * plan.fill_bytes_per_prompt}));
    }
    return peak;
}

/// Puts a block's columns where they belong in the whole picture's result.
void scatter(const SolveResult& block, const std::vector<int32_t>& prompts, SolveResult& whole) {
    for (size_t i = 0; i < prompts.size(); ++i) {
        whole.steps[static_cast<size_t>(prompts[i])] = block.steps[i];
        whole.residuals[static_cast<size_t>(prompts[i])] = block.residuals[i];
    }
}

} // namespace

int64_t staged_bytes(const Backend& backend, const lposs_tensor& tensor) {
    return is_given(tensor) && tensor.memory != memory_of(backend) ? byte_count(tensor) : 0;
}

void plan_outputs(const lposs_segment_outputs& out, PixelPlan& plan) {
    plan.wants_labels = is_given(out.labels);
    plan.wants_confidence = is_given(out.confidence);
    plan.wants_scores = is_given(out.scores);
    if (!plan.wants_labels && !plan.wants_scores)
        fail(LPOSS_ERROR_INVALID_ARGUMENT,
             "outputs: neither labels nor scores is given; one of them must be");
    if (plan.wants_confidence && !plan.wants_labels)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "outputs.confidence: is given without labels; it goes with them");
    Dimension rows("H'");
    Dimension columns("W'");
    if (plan.wants_labels) {
        check_tensor(out.labels, "outputs.labels", label_dtypes, {rows, columns});
        check_label_dtype(out.labels.dtype, plan.prompts.classes, "outputs.labels");
        rows = known("H'", out.labels.shape[0]);
        columns = known("W'", out.labels.shape[1]);
    }
    if (plan.wants_scores)
        check_tensor(out.scores, "outputs.scores", {LPOSS_FLOAT32},
                     {rows, columns, known("C", plan.prompts.classes)});
    if (plan.wants_confidence)
        check_tensor(out.confidence, "outputs.confidence", {LPOSS_FLOAT32}, {rows, columns});
    const lposs_tensor& any = plan.wants_labels ? out.labels : out.scores;
    plan.output_height = any.shape[0];
    plan.output_width = any.shape[1];
    check_node_count(checked_multiply(plan.output_height, plan.output_width, "outputs"), "outputs");
}

void check_outputs_apart(const lposs_segment_outputs& outputs) {
    check_apart(outputs.confidence, "outputs.confidence", outputs.labels, "outputs.labels");
    check_apart(outputs.scores, "outputs.scores", outputs.labels, "outputs.labels");
    check_apart(outputs.scores, "outputs.scores", outputs.confidence, "outputs.confidence");
}

int64_t plan_blocks(const Backend& backend, int64_t before, int64_t kept, PixelPlan& plan) {
    const int64_t limit = backend.pool()->limit();
    const int64_t in_use = backend.pool()->in_use(); // the context's graphs, and what lposs_allocate gave
    int64_t most = std::max<int64_t>(block_target(backend) / (plan.pixels() * element), 1);
    for (;;) {
        plan.blocks = make_blocks(plan.prompts, most);
        const int64_t memory = with_slack(std::max(before, memory_of_blocks(backend, kept, plan)));
        if (limit == 0 || memory + in_use <= limit) return memory;
        if (most == 1)
            fail(LPOSS_ERROR_MEMORY_LIMIT,
                 "memory_limit: is %lld bytes; %lld x %lld pixels with %lld prompts take at least %lld",
                 static_cast<long long>(limit), static_cast<long long>(plan.height),
                 static_cast<long long>(plan.width), static_cast<long long>(plan.prompt_count()),
                 static_cast<long long>(memory + in_use));
        int64_t largest = 0;
        for (const ClassBlock& block : plan.blocks)
            largest = std::max(largest, static_cast<int64_t>(block.prompts.size()));
        most = std::max<int64_t>(std::min(most, largest) / 2, 1);
    }
}

void run_class_blocks(Backend& backend, const PixelPlan& plan, const lposs_tensor& image,
                      const FillBlock& fill, const lposs_segment_outputs& outputs, StageClock& clock,
                      SolveResult* result) {
    std::unique_ptr<Graph> graph;
    if (plan.has_pixel_step) {
        const Buffer<float> lab = staged_lab(backend, image, "inputs.image");
        graph = backend.pixel_graph(lab.data(), plan.height, plan.width, plan.graph_options);
        clock.lap(&Report::pixel_graph_ms);
        if (result) {
            result->steps.resize(static_cast<size_t>(plan.prompt_count()));
            result->residuals.resize(static_cast<size_t>(plan.prompt_count()));
        }
    }

    StagedOutput<uint8_t> labels(backend, outputs.labels, "outputs.labels");
    StagedOutput<float> confidence(backend, outputs.confidence, "outputs.confidence");
    StagedOutput<float> scores(backend, outputs.scores, "outputs.scores");
    Buffer<int32_t> winner;
    Buffer<float> best, second;
    if (plan.wants_labels) {
        winner = Buffer<int32_t>(backend.pool(), plan.output_pixels());
        best = Buffer<float>(backend.pool(), plan.output_pixels());
        second = Buffer<float>(backend.pool(), plan.output_pixels());
    }
    const LabelState state{winner.data(), best.data(), second.data()};

    for (const ClassBlock& block : plan.blocks) {
        const auto prompts = static_cast<int64_t>(block.prompts.size());
        const Buffer<float> prompt_scores(backend.pool(), plan.pixels() * prompts);
        fill(block, prompt_scores.data());
        clock.lap(&Report::stitch_ms);
        if (graph) {
            SolveResult solved;
            backend.propagate(*graph, prompt_scores.data(), prompts, prompt_scores.data(), plan.solver,
                              result ? &solved : nullptr);
            if (result) scatter(solved, block.prompts, *result);
            clock.lap(&Report::pixel_solve_ms);
        }
        Buffer<float> merged;
        const float* class_scores = prompt_scores.data();
        if (prompts > block.classes) {
            merged = Buffer<float>(backend.pool(), plan.pixels() * block.classes);
            backend.merge_prompts(prompt_scores.data(), plan.pixels(), prompts, block.class_of.data(),
                                  block.classes, merged.data());
            class_scores = merged.data();
        }
        if (plan.wants_scores)
            backend.resize(class_scores, plan.height, plan.width, block.classes, scores.data(),
                           plan.output_height, plan.output_width, plan.prompts.classes, block.first_class);
        if (plan.wants_labels)
            backend.label(class_scores, plan.height, plan.width, block.classes, plan.output_height,
                          plan.output_width, block.first_class, block.first_class == 0, state);
        clock.lap(&Report::label_ms);
    }
    if (plan.wants_labels)
        backend.write_labels(state, plan.output_pixels(), plan.prompts.classes == 1, labels.data(),
                             outputs.labels.dtype, plan.wants_confidence ? confidence.data() : nullptr);
    labels.finish();
    confidence.finish();
    scores.finish();
    clock.lap(&Report::label_ms);
}

} // namespace lposs
