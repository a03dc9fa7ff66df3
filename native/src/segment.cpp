// The whole method on one picture: one call, nothing returns to the caller half-way.
#include "checked_size.h"
#include "guard.h"
#include "options.h"
#include "picture.h"
#include "report.h"
#include "segment_plan.h"

#include <algorithm>

namespace lposs {
namespace {

/// Adds up the milliseconds of stages that come several times, once per class block. Marks are read at the
/// end, so that nothing waits in between.
class StageClock {
public:
    explicit StageClock(Backend& backend) : backend_(backend) {
        backend_.clear_marks();
        begin_ = last_ = backend_.mark();
    }
    /// What happened since the last call belongs to this stage.
    void lap(double lposs_segment_report::*stage) {
        const int now = backend_.mark();
        laps_.push_back({last_, now, stage});
        last_ = now;
    }
    void read(lposs_segment_report& report) {
        for (const Lap& lap : laps_) report.*lap.stage = 0.0;
        for (const Lap& lap : laps_) report.*lap.stage += backend_.milliseconds(lap.from, lap.to);
        report.total_ms = backend_.milliseconds(begin_, last_);
    }

private:
    struct Lap {
        int from, to;
        double lposs_segment_report::*stage;
    };
    Backend& backend_;
    int begin_ = 0, last_ = 0;
    std::vector<Lap> laps_;
};

using Report = lposs_segment_report;

/// Patch scores [N,P] after similarity and, unless the mode is VLM, propagation over patches.
Buffer<float> score_patches(Backend& backend, const lposs_segment_inputs& inputs, const SegmentPlan& plan,
                            StageClock& clock, SolveResult* result) {
    Buffer<float> scores(backend.pool(), plan.patches * plan.prompt_count);
    {
        const StagedInput<float> vlm(backend, inputs.vlm, "inputs.vlm");
        const StagedInput<float> text(backend, inputs.text, "inputs.text");
        backend.similarity(vlm.data(), plan.patches, plan.vlm_dimensions, text.data(), plan.prompt_count,
                           scores.data());
    }
    clock.lap(&Report::similarity_ms);
    if (!plan.has_patch_step()) return scores;

    const auto host_centres = patch_centres(plan.windows, inputs.patch_size);
    const auto centre_bytes = host_centres.size() * sizeof(float);
    const Buffer<float> centres(backend.pool(), plan.patches * 2);
    backend.copy(centres.data(), memory_of(backend), host_centres.data(), LPOSS_MEMORY_HOST, centre_bytes);
    std::unique_ptr<Graph> graph;
    {
        const StagedInput<float> vm(backend, inputs.vm, "inputs.vm");
        graph = backend.patch_graph(vm.data(), plan.patches, plan.vm_dimensions, centres.data(),
                                    plan.options.patch_graph);
    }
    clock.lap(&Report::patch_graph_ms);
    if (plan.options.patch_solver.subtract_class_mean)
        backend.subtract_row_means(scores.data(), plan.patches, plan.prompt_count, scores.data());
    backend.propagate(*graph, scores.data(), plan.prompt_count, scores.data(), plan.options.patch_solver,
                      result);
    clock.lap(&Report::patch_solve_ms);
    return scores;
}

/// Puts a block's columns where they belong in the whole picture's result.
void scatter(const SolveResult& block, const std::vector<int32_t>& prompts, SolveResult& whole) {
    for (size_t i = 0; i < prompts.size(); ++i) {
        whole.steps[static_cast<size_t>(prompts[i])] = block.steps[i];
        whole.residuals[static_cast<size_t>(prompts[i])] = block.residuals[i];
    }
}

void segment(Backend& backend, const lposs_segment_inputs& inputs, const SegmentPlan& plan,
             const lposs_segment_outputs& outputs, lposs_segment_report* report) {
    StageClock clock(backend);
    SolveResult patch_result, pixel_result;
    const Buffer<float> patch_scores =
        score_patches(backend, inputs, plan, clock, report ? &patch_result : nullptr);

    // Stitching is linear, so a mean over classes that is taken off the patches is off the pixels too.
    if (plan.has_pixel_step() && plan.options.pixel_solver.subtract_class_mean)
        backend.subtract_row_means(patch_scores.data(), plan.patches, plan.prompt_count, patch_scores.data());

    std::unique_ptr<Graph> graph;
    if (plan.has_pixel_step()) {
        const Buffer<float> lab = staged_lab(backend, inputs.image, "inputs.image");
        graph = backend.pixel_graph(lab.data(), plan.height, plan.width, plan.options.pixel_graph);
        clock.lap(&Report::pixel_graph_ms);
        pixel_result.steps.resize(static_cast<size_t>(plan.prompt_count));
        pixel_result.residuals.resize(static_cast<size_t>(plan.prompt_count));
    }

    const int64_t pixels = plan.height * plan.width;
    const int64_t output_pixels = plan.output_height * plan.output_width;
    StagedOutput<uint8_t> labels(backend, outputs.labels, "outputs.labels");
    StagedOutput<float> confidence(backend, outputs.confidence, "outputs.confidence");
    StagedOutput<float> scores(backend, outputs.scores, "outputs.scores");
    Buffer<int32_t> winner;
    Buffer<float> best, second;
    if (plan.wants_labels) {
        winner = Buffer<int32_t>(backend.pool(), output_pixels);
        best = Buffer<float>(backend.pool(), output_pixels);
        second = Buffer<float>(backend.pool(), output_pixels);
    }
    const LabelState state{winner.data(), best.data(), second.data()};

    for (const ClassBlock& block : plan.blocks) {
        const auto prompts = static_cast<int64_t>(block.prompts.size());
        Buffer<float> stitched(backend.pool(), pixels * prompts);
        backend.stitch(patch_scores.data(), plan.prompt_count, block.prompts.data(), prompts, plan.windows,
                       inputs.patch_size, plan.height, plan.width, stitched.data());
        clock.lap(&Report::stitch_ms);
        if (graph) {
            SolveResult block_result;
            backend.propagate(*graph, stitched.data(), prompts, stitched.data(), plan.options.pixel_solver,
                              report ? &block_result : nullptr);
            if (report) scatter(block_result, block.prompts, pixel_result);
            clock.lap(&Report::pixel_solve_ms);
        }
        Buffer<float> merged;
        const float* class_scores = stitched.data();
        if (prompts > block.classes) {
            merged = Buffer<float>(backend.pool(), pixels * block.classes);
            backend.merge_prompts(stitched.data(), pixels, prompts, block.class_of.data(), block.classes,
                                  merged.data());
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
        backend.write_labels(state, output_pixels, plan.prompts.classes == 1, labels.data(),
                             outputs.labels.dtype, plan.wants_confidence ? confidence.data() : nullptr);
    clock.lap(&Report::label_ms);
    labels.finish();
    confidence.finish();
    scores.finish();

    if (!report) return;
    clock.read(*report);
    if (plan.has_patch_step())
        fill_report(patch_result, plan.options.patch_solver.tolerance, report->patch_solve_ms, report->patch);
    if (plan.has_pixel_step())
        fill_report(pixel_result, plan.options.pixel_solver.tolerance, report->pixel_solve_ms, report->pixel);
}

void check_values(const lposs_segment_inputs& inputs, const SegmentPlan& plan) {
    check_finite(inputs.vlm, "inputs.vlm");
    check_finite(inputs.text, "inputs.text");
    if (plan.has_patch_step()) check_finite(inputs.vm, "inputs.vm");
}

void check_outputs_apart(const lposs_segment_inputs& inputs, const lposs_segment_outputs& outputs) {
    const std::pair<const lposs_tensor*, const char*> written[] = {
        {&outputs.labels, "outputs.labels"},
        {&outputs.confidence, "outputs.confidence"},
        {&outputs.scores, "outputs.scores"}};
    const std::pair<const lposs_tensor*, const char*> read[] = {{&inputs.image, "inputs.image"},
                                                                {&inputs.vlm, "inputs.vlm"},
                                                                {&inputs.vm, "inputs.vm"},
                                                                {&inputs.text, "inputs.text"}};
    for (const auto& [output, output_name] : written) {
        for (const auto& [input, input_name] : read) check_apart(*output, output_name, *input, input_name);
        for (const auto& [other, other_name] : written)
            if (other != output) check_apart(*output, output_name, *other, other_name);
    }
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
        if (report) {
            check_options(report, "report");
            check_report(&report->patch, "report.patch");
            check_report(&report->pixel, "report.pixel");
        }
        const SegmentPlan plan = plan_segment(backend, *inputs, options, *outputs);
        check_values(*inputs, plan);
        check_outputs_apart(*inputs, *outputs);
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

LPOSS_API lposs_status lposs_refine_memory(lposs_context* context, int64_t height, int64_t width,
                                           int64_t columns, const lposs_pixel_graph_options* options,
                                           int64_t* bytes) {
    return guard([&] {
        const Backend& backend = check_context(context);
        if (!bytes) fail(LPOSS_ERROR_INVALID_ARGUMENT, "bytes: is NULL");
        if (height < 1 || width < 1 || columns < 1)
            fail(LPOSS_ERROR_INVALID_ARGUMENT,
                 "height, width, columns: are %lld, %lld, %lld; each may be 1 or more",
                 static_cast<long long>(height), static_cast<long long>(width),
                 static_cast<long long>(columns));
        check_node_count(checked_multiply(height, width, "height, width"), "height, width");
        const auto resolved = resolve(options, "options");
        const auto graph = backend.pixel_graph_cost(height, width, resolved);
        const int64_t lab = height * width * 3 * static_cast<int64_t>(sizeof(float));
        const int64_t solve = backend.pixel_propagate_cost(height, width, resolved.radius, columns);
        *bytes = memory_with_slack(graph.kept + std::max(graph.scratch + lab, solve));
        const int64_t limit = backend.pool()->limit();
        if (limit > 0 && *bytes > limit)
            fail(LPOSS_ERROR_MEMORY_LIMIT, "memory_limit: %lld bytes; refining %lld x %lld pixels takes %lld",
                 static_cast<long long>(limit), static_cast<long long>(height), static_cast<long long>(width),
                 static_cast<long long>(*bytes));
    });
}

} // extern "C"
