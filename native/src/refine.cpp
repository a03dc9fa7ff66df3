// The pixel step on anyone's scores or coarse labels.
#include "checked_size.h"
#include "class_blocks.h"
#include "guard.h"
#include "label_dtype.h"
#include "options.h"
#include "picture.h"
#include "report.h"

#include <numeric>

namespace lposs {
namespace {

struct RefinePlan {
    lposs_refine_options options;
    PixelPlan pixel;
    bool from_labels = false;
    int64_t source_height = 0, source_width = 0, classes = 0;
    int64_t memory = 0;

    bool is_resized() const { return source_height != pixel.height || source_width != pixel.width; }
};

/// The class of one pixel of the caller's label map, whatever its dtype.
int32_t label_at(const lposs_tensor& labels, int64_t i) {
    switch (labels.dtype) {
    case LPOSS_UINT8:
        return data_of<const uint8_t>(labels)[i];
    case LPOSS_UINT16:
        return data_of<const uint16_t>(labels)[i];
    default:
        return data_of<const int32_t>(labels)[i];
    }
}

void check_source(const lposs_refine_inputs& in, RefinePlan& plan) {
    plan.from_labels = is_given(in.labels);
    if (plan.from_labels == is_given(in.scores))
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "inputs: %s; exactly one of scores and labels must be given",
             plan.from_labels ? "scores and labels are given" : "neither scores nor labels is given");
    if (plan.from_labels) {
        check_tensor(in.labels, "inputs.labels", label_dtypes, {"h", "w"});
        check_host(in.labels, "inputs.labels");
        if (in.classes < 1)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "inputs.classes: is %d; with labels it must be 1 or more",
                 in.classes);
        plan.classes = in.classes;
    } else {
        check_tensor(in.scores, "inputs.scores", {LPOSS_FLOAT32}, {"h", "w", "C"});
        check_host(in.scores, "inputs.scores");
        plan.classes = in.scores.shape[2];
    }
    const lposs_tensor& source = plan.from_labels ? in.labels : in.scores;
    plan.source_height = source.shape[0];
    plan.source_width = source.shape[1];
    check_node_count(checked_multiply(plan.source_height, plan.source_width, "inputs"), "inputs");
}

void check_labels(const lposs_refine_inputs& in, const RefinePlan& plan) {
    const int64_t count = element_count(in.labels);
    for (int64_t i = 0; i < count; ++i) {
        const int32_t label = label_at(in.labels, i);
        if (label != in.ignore && (label < 0 || label >= plan.classes))
            fail(LPOSS_ERROR_INVALID_ARGUMENT,
                 "inputs.labels: the pixel (%lld, %lld) is %d; it may be 0 to %lld or the ignored %d",
                 static_cast<long long>(i / plan.source_width), static_cast<long long>(i % plan.source_width),
                 label, static_cast<long long>(plan.classes - 1), in.ignore);
    }
}

RefinePlan plan_refine(const Backend& backend, const lposs_refine_inputs& in,
                       const lposs_refine_options* options, const lposs_segment_outputs& out) {
    RefinePlan plan;
    plan.options = resolve(options, "options");
    check_picture(in.image, "inputs.image", {LPOSS_UINT8});
    check_source(in, plan);
    PixelPlan& pixel = plan.pixel;
    pixel.height = in.image.shape[0];
    pixel.width = in.image.shape[1];
    pixel.has_pixel_step = true;
    pixel.graph_options = plan.options.graph;
    pixel.solver = plan.options.solver;
    lposs_tensor none;
    lposs_tensor_init(&none);
    pixel.prompts = read_prompt_classes(none, plan.classes, "inputs.classes");
    plan_outputs(out, pixel);

    int64_t kept = 0;
    for (const lposs_tensor* tensor : {&in.image, &out.labels, &out.confidence, &out.scores})
        kept += staged_bytes(backend, *tensor);
    // A block at the source's size lies beside the block at the picture's size while it is resized.
    if (plan.is_resized())
        pixel.fill_bytes_per_prompt =
            plan.source_height * plan.source_width * static_cast<int64_t>(sizeof(float));
    plan.memory = plan_blocks(backend, 0, kept, pixel);
    return plan;
}

/// Columns first .. first + count of the source: the caller's scores, or one-hot labels, minus each pixel's
/// mean over all classes where the solver asks for it.
void gather(const lposs_refine_inputs& in, const RefinePlan& plan, int64_t first, int64_t count,
            float* block) {
    const int64_t pixels = plan.source_height * plan.source_width;
    const bool centred = plan.pixel.solver.subtract_class_mean != 0;
    const float label_mean = centred ? 1.0F / static_cast<float>(plan.classes) : 0.0F;
    for (int64_t i = 0; i < pixels; ++i) {
        float* row = block + i * count;
        if (plan.from_labels) {
            const int32_t label = label_at(in.labels, i);
            const bool ignored = label == in.ignore;
            for (int64_t c = 0; c < count; ++c)
                row[c] = ignored ? 0.0F : static_cast<float>(label == first + c) - label_mean;
            continue;
        }
        const float* scores = data_of<const float>(in.scores) + i * plan.classes;
        double mean = 0.0;
        if (centred)
            mean = std::accumulate(scores, scores + plan.classes, 0.0) / static_cast<double>(plan.classes);
        for (int64_t c = 0; c < count; ++c) row[c] = scores[first + c] - static_cast<float>(mean);
    }
}

void refine(Backend& backend, const lposs_refine_inputs& in, const RefinePlan& plan,
            const lposs_segment_outputs& out, lposs_segment_report* report) {
    StageClock clock(backend);
    SolveResult result;
    const bool on_host = memory_of(backend) == LPOSS_MEMORY_HOST;
    const auto fill = [&](const ClassBlock& block, float* scores) {
        const auto count = static_cast<int64_t>(block.prompts.size());
        const int64_t elements = plan.source_height * plan.source_width * count;
        Buffer<float> resized_from;
        if (plan.is_resized()) resized_from = Buffer<float>(backend.pool(), elements);
        float* source = plan.is_resized() ? resized_from.data() : scores;
        std::vector<float> gathered(on_host ? 0 : static_cast<size_t>(elements));
        gather(in, plan, block.first_class, count, on_host ? source : gathered.data());
        if (!on_host)
            backend.copy(source, memory_of(backend), gathered.data(), LPOSS_MEMORY_HOST,
                         gathered.size() * sizeof(float));
        if (plan.is_resized())
            backend.resize(source, plan.source_height, plan.source_width, count, scores, plan.pixel.height,
                           plan.pixel.width, count, 0);
    };
    run_class_blocks(backend, plan.pixel, in.image, fill, out, clock, report ? &result : nullptr);
    if (!report) return;
    clock.read(*report);
    fill_report(result, plan.pixel.solver.tolerance, report->pixel_solve_ms, report->pixel);
}

} // namespace
} // namespace lposs

using namespace lposs;

extern "C" {

LPOSS_API void lposs_refine_options_init(lposs_refine_options* options) {
    *options = {};
    options->size = sizeof *options;
    lposs_pixel_graph_options_init(&options->graph);
    lposs_solver_options_init(&options->solver);
}

LPOSS_API void lposs_refine_inputs_init(lposs_refine_inputs* inputs) {
    *inputs = {};
    inputs->size = sizeof *inputs;
    inputs->ignore = 255;
    for (lposs_tensor* tensor : {&inputs->image, &inputs->scores, &inputs->labels}) lposs_tensor_init(tensor);
}

LPOSS_API lposs_status lposs_refine(lposs_context* context, const lposs_refine_inputs* inputs,
                                    const lposs_refine_options* options, const lposs_segment_outputs* outputs,
                                    lposs_segment_report* report) {
    return guard([&] {
        Backend& backend = check_context(context);
        check_options(inputs, "inputs");
        check_options(outputs, "outputs");
        check_report(report, "report");
        const RefinePlan plan = plan_refine(backend, *inputs, options, *outputs);
        if (plan.from_labels)
            check_labels(*inputs, plan);
        else
            check_finite(inputs->scores, "inputs.scores");
        for (const lposs_tensor* source : {&inputs->image, &inputs->scores, &inputs->labels}) {
            check_apart(outputs->labels, "outputs.labels", *source, "an input");
            check_apart(outputs->confidence, "outputs.confidence", *source, "an input");
            check_apart(outputs->scores, "outputs.scores", *source, "an input");
        }
        check_outputs_apart(*outputs);
        refine(backend, *inputs, plan, *outputs, report);
    });
}

LPOSS_API lposs_status lposs_refine_memory(lposs_context* context, const lposs_refine_inputs* inputs,
                                           const lposs_refine_options* options,
                                           const lposs_segment_outputs* outputs, int64_t* bytes) {
    return guard([&] {
        const Backend& backend = check_context(context);
        check_options(inputs, "inputs");
        check_options(outputs, "outputs");
        if (!bytes) fail(LPOSS_ERROR_INVALID_ARGUMENT, "bytes: is NULL");
        *bytes = plan_refine(backend, *inputs, options, *outputs).memory;
    });
}

} // extern "C"
