#include "pipeline/class_blocks.h"

#include "core/checked_size.h"
#include "core/image.h"
#include "core/label_dtype.h"
#include "core/report.h"

#include <algorithm>
#include <numeric>

namespace lposs {
namespace {

using Report = lposs_segment_report;

/// Without a limit, the scores of one block take about this much. More is faster for large images, since a block
/// reads or makes all weights at each step. But 3840 x 2160 pixels with 21 classes are to stay under 4 GiB on the CPU;
/// on a GPU of 24 GiB they are to go in one piece.
int64_t block_target(const Backend& backend) {
    return backend.device() == LPOSS_DEVICE_CUDA ? int64_t{1} << 30 : int64_t{160} << 20;
}

constexpr int64_t element = sizeof(float);

/// Blocks that a MemoryPool hands out again may be a 64th larger than what was asked for, and each is rounded up.
int64_t with_slack(int64_t bytes) {
    return bytes + bytes / 64 + (int64_t{1} << 16);
}

/// Classes in order, as many to a block as `most` prompts allow, at least one.
std::vector<ClassBlock> make_blocks(const PromptClasses& prompts, int64_t most) {
    std::vector<int32_t> order(prompts.class_of.size());
    std::iota(order.begin(), order.end(), 0);
    const auto class_of = [&](int32_t prompt) { return prompts.class_of[static_cast<size_t>(prompt)]; };
    std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return class_of(a) < class_of(b); });

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
        const Cost graph = backend.pixel_graph_cost(plan.graph());
        const int64_t lab = plan.size.pixels() * 3 * element;
        peak = std::max(peak, kept + lab + graph.kept + graph.scratch);
        kept += graph.kept;
    }
    if (plan.wants_labels) kept += plan.output_size.pixels() * (static_cast<int64_t>(sizeof(int32_t)) + 2 * element);
    for (const ClassBlock& block : plan.blocks) {
        const auto prompts = static_cast<int64_t>(block.prompts.size());
        const int64_t scores = plan.size.pixels() * prompts * element;
        const int64_t merged = prompts > block.classes ? plan.size.pixels() * block.classes * element : 0;
        const int64_t solve = plan.has_pixel_step ? backend.pixel_propagate_cost(plan.graph(), prompts) : 0;
        peak = std::max(peak, kept + scores + std::max({merged, solve, prompts * plan.fill_bytes_per_prompt}));
    }
    return peak;
}

/// Bytes of the lists that hold prompts, blocks and what the solves report, in host memory.
int64_t list_bytes(const PixelPlan& plan) {
    constexpr int64_t block = 4 * sizeof(ClassBlock); // with its two lists' own overhead, in a list that has grown
    return prompt_bytes(plan.prompt_count()) + static_cast<int64_t>(plan.blocks.size()) * block;
}

/// Puts a block's columns where they belong in the whole image's result.
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
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "outputs: neither labels nor scores is given; one of them must be");
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
        check_tensor(out.scores, "outputs.scores", {LPOSS_FLOAT32}, {rows, columns, known("C", plan.prompts.classes)});
    if (plan.wants_confidence) check_tensor(out.confidence, "outputs.confidence", {LPOSS_FLOAT32}, {rows, columns});
    const lposs_tensor& any = plan.wants_labels ? out.labels : out.scores;
    check_node_count(checked_multiply(any.shape[0], any.shape[1], "outputs"), "outputs");
    plan.output_size = image_size(any);
}

void check_outputs_apart(const lposs_segment_outputs& outputs) {
    check_apart(outputs.confidence, "outputs.confidence", outputs.labels, "outputs.labels");
    check_apart(outputs.scores, "outputs.scores", outputs.labels, "outputs.labels");
    check_apart(outputs.scores, "outputs.scores", outputs.confidence, "outputs.confidence");
}

int64_t plan_blocks(const Backend& backend, int64_t before, int64_t kept, PixelPlan& plan) {
    const int64_t limit = backend.pool()->limit();
    const int64_t in_use = backend.pool()->in_use(); // the context's graphs, and what lposs_memory_allocate gave
    int64_t most = std::max<int64_t>(block_target(backend) / (plan.size.pixels() * element), 1);
    for (;;) {
        plan.blocks = make_blocks(plan.prompts, most);
        const int64_t memory = with_slack(std::max(before, memory_of_blocks(backend, kept, plan))) + list_bytes(plan);
        if (limit == 0 || memory + in_use <= limit) return memory;
        if (most == 1)
            fail(LPOSS_ERROR_MEMORY_LIMIT,
                 "memory_limit: is %lld bytes; %lld x %lld pixels with %lld prompts take at least %lld",
                 static_cast<long long>(limit), static_cast<long long>(plan.size.height),
                 static_cast<long long>(plan.size.width), static_cast<long long>(plan.prompt_count()),
                 static_cast<long long>(memory + in_use));
        int64_t largest = 0;
        for (const ClassBlock& block : plan.blocks)
            largest = std::max(largest, static_cast<int64_t>(block.prompts.size()));
        most = std::max<int64_t>(std::min(most, largest) / 2, 1);
    }
}

void run_class_blocks(Backend& backend, const PixelPlan& plan, const lposs_tensor& image, const FillBlock& fill,
                      const lposs_segment_outputs& outputs, StageClock& clock, SolveResult* result) {
    Progress& progress = backend.progress();
    const auto share = [from = progress.reached()](double part) { return from + part * (1 - from); };
    const double graph_share = plan.has_pixel_step ? 0.1 : 0.0;
    std::unique_ptr<Graph> graph;
    if (plan.has_pixel_step) {
        progress.begin(LPOSS_STAGE_PIXEL_GRAPH, share(0), share(graph_share));
        const Buffer<float> lab = staged_lab(backend, image, "inputs.image");
        graph = backend.pixel_graph(plan.graph(lab.data()));
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
        winner = Buffer<int32_t>(backend.pool(), plan.output_size.pixels());
        best = Buffer<float>(backend.pool(), plan.output_size.pixels());
        second = Buffer<float>(backend.pool(), plan.output_size.pixels());
    }
    const ArgmaxState state{winner.data(), best.data(), second.data()};

    double done = 0; // prompts
    for (const ClassBlock& block : plan.blocks) {
        const auto prompts = static_cast<int64_t>(block.prompts.size());
        const auto block_share = [&](double part) {
            const double prompt_part =
                (done + part * static_cast<double>(prompts)) / static_cast<double>(plan.prompt_count());
            return share(graph_share + (1 - graph_share) * prompt_part);
        };
        progress.begin(graph ? LPOSS_STAGE_PIXEL_SOLVE : LPOSS_STAGE_FINISH, block_share(0), block_share(0.05));
        const Buffer<float> prompt_scores(backend.pool(), plan.size.pixels() * prompts);
        fill(block, prompt_scores.data());
        clock.lap(&Report::stitch_ms);
        if (graph) {
            SolveResult solved;
            progress.begin(LPOSS_STAGE_PIXEL_SOLVE, block_share(0.05), block_share(0.9));
            backend.propagate(*graph, {.y = prompt_scores.data(),
                                       .x = prompt_scores.data(),
                                       .columns = prompts,
                                       .options = plan.solver,
                                       .result = result ? &solved : nullptr});
            if (result) {
                require_finite(solved);
                scatter(solved, block.prompts, *result);
            }
            clock.lap(&Report::pixel_solve_ms);
        }
        progress.begin(LPOSS_STAGE_FINISH, block_share(0.9), block_share(1));
        Buffer<float> merged;
        const float* class_scores = prompt_scores.data();
        if (prompts > block.classes) {
            merged = Buffer<float>(backend.pool(), plan.size.pixels() * block.classes);
            backend.merge_prompts({.scores = prompt_scores.data(),
                                   .m = plan.size.pixels(),
                                   .prompts = prompts,
                                   .host_classes = block.class_of.data(),
                                   .classes = block.classes,
                                   .output = merged.data()});
            class_scores = merged.data();
        }
        if (plan.wants_scores)
            backend.resize(ResizeArguments{.input = class_scores,
                                           .from = plan.size,
                                           .channels = block.classes,
                                           .output = scores.data(),
                                           .to = plan.output_size,
                                           .output_channels = plan.prompts.classes,
                                           .first_channel = block.first_class});
        if (plan.wants_labels)
            backend.argmax({.scores = class_scores,
                            .from = plan.size,
                            .classes = block.classes,
                            .to = plan.output_size,
                            .first_class = block.first_class,
                            .first = block.first_class == 0,
                            .state = state});
        clock.lap(&Report::label_ms);
        done += static_cast<double>(prompts);
    }
    if (plan.wants_labels)
        backend.write_labels({.state = state,
                              .pixels = plan.output_size.pixels(),
                              .one_class = plan.prompts.classes == 1,
                              .labels = labels.data(),
                              .dtype = outputs.labels.dtype,
                              .confidence = plan.wants_confidence ? confidence.data() : nullptr});
    labels.finish();
    confidence.finish();
    scores.finish();
    clock.lap(&Report::label_ms);
}

} // namespace lposs
