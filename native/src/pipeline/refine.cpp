#include "pipeline/refine.h"

#include "core/checked_size.h"
#include "core/image.h"
#include "core/label_dtype.h"
#include "core/options.h"
#include "core/report.h"

#include <algorithm>

namespace lposs {
namespace {

ClassSource class_source(const lposs_refine_inputs& in, const RefinePlan& plan) {
    ClassSource source;
    if (plan.from_labels)
        source.labels = in.labels.data;
    else
        source.scores = data_of<const float>(in.scores);
    source.label_dtype = in.labels.dtype;
    source.pixels = plan.source_size.pixels();
    source.classes = plan.classes;
    source.ignore = in.ignore;
    source.centred = plan.pixel.solver.subtract_class_mean != 0;
    return source;
}

void check_source(const Backend& backend, const lposs_refine_inputs& in, RefinePlan& plan) {
    plan.from_labels = is_given(in.labels);
    if (plan.from_labels == is_given(in.scores))
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "inputs: %s; exactly one of scores and labels must be given",
             plan.from_labels ? "scores and labels are given" : "neither scores nor labels is given");
    if (plan.from_labels) {
        check_tensor(in.labels, "inputs.labels", label_dtypes, {"h", "w"});
        if (in.classes < 1)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "inputs.classes: is %d; with labels it must be 1 or more", in.classes);
        plan.classes = in.classes;
    } else {
        check_tensor(in.scores, "inputs.scores", {LPOSS_FLOAT32}, {"h", "w", "C"});
        plan.classes = in.scores.shape[2];
    }
    const lposs_tensor& source = plan.from_labels ? in.labels : in.scores;
    check_node_count(checked_multiply(source.shape[0], source.shape[1], "inputs"), "inputs");
    plan.source_size = image_size(source);
    check_reachable(backend, source, plan.from_labels ? "inputs.labels" : "inputs.scores");
}

/// A block of the source's classes in the backend's memory. A source in host memory of a device is gathered here, block
/// by block: the whole of it might not fit the device.
void gather(Backend& backend, const ClassSource& source, bool source_is_near, const ClassBlock& block, float* target) {
    const auto count = static_cast<int64_t>(block.prompts.size());
    if (source_is_near) return backend.gather_classes({source, block.first_class, count, target});
    std::vector<float> rows(static_cast<size_t>(source.pixels * count));
    constexpr int64_t strip = 1 << 16;
    for (int64_t begin = 0; begin < source.pixels; begin += strip) {
        backend.progress().poll();
        gather_rows(source, block.first_class, count, begin, std::min(begin + strip, source.pixels), rows.data());
    }
    backend.copy(target, memory_of(backend), rows.data(), LPOSS_MEMORY_HOST, rows.size() * sizeof(float));
}

} // namespace

void check_labels(const lposs_refine_inputs& in, const RefinePlan& plan) {
    if (in.labels.memory != LPOSS_MEMORY_HOST) return;
    const ClassSource source = class_source(in, plan);
    for (int64_t i = 0; i < source.pixels; ++i) {
        const int32_t label = label_at(source, i);
        if (label != in.ignore && (label < 0 || label >= plan.classes))
            fail(LPOSS_ERROR_INVALID_ARGUMENT,
                 "inputs.labels: the pixel (%lld, %lld) is %d; it may be 0 to %lld or the ignored %d",
                 static_cast<long long>(i / plan.source_size.width), static_cast<long long>(i % plan.source_size.width),
                 label, static_cast<long long>(plan.classes - 1), in.ignore);
    }
}

RefinePlan plan_refine(const Backend& backend, const lposs_refine_inputs& in, const lposs_refine_options* options,
                       const lposs_segment_outputs& out) {
    RefinePlan plan;
    plan.options = resolve(options, "options");
    check_image(in.image, "inputs.image", {LPOSS_UINT8});
    check_source(backend, in, plan);
    PixelPlan& pixel = plan.pixel;
    pixel.size = image_size(in.image);
    pixel.has_pixel_step = true;
    pixel.graph_options = plan.options.graph;
    pixel.solver = plan.options.solver;
    lposs_tensor none;
    lposs_tensor_init(&none);
    pixel.prompts = read_prompt_classes(*backend.pool(), none, plan.classes, "inputs.classes");
    plan_outputs(out, pixel);

    int64_t kept = 0;
    for (const lposs_tensor* tensor : {&in.image, &out.labels, &out.confidence, &out.scores})
        kept += staged_bytes(backend, *tensor);
    // A block at the source's size lies beside the block at the image's size while it is resized.
    if (plan.is_resized())
        pixel.fill_bytes_per_prompt = plan.source_size.pixels() * static_cast<int64_t>(sizeof(float));
    plan.memory = plan_blocks(backend, 0, kept, pixel);
    return plan;
}

void refine(Backend& backend, const lposs_refine_inputs& in, const RefinePlan& plan, const lposs_segment_outputs& out,
            lposs_segment_report* report) {
    StageClock clock(backend);
    SolveResult result;
    const lposs_tensor& given = plan.from_labels ? in.labels : in.scores;
    const ClassSource source = class_source(in, plan);
    const bool is_near = given.memory == memory_of(backend);
    const auto fill = [&](const ClassBlock& block, float* scores) {
        if (!plan.is_resized()) return gather(backend, source, is_near, block, scores);
        const auto count = static_cast<int64_t>(block.prompts.size());
        const Buffer<float> small(backend.pool(), source.pixels * count);
        gather(backend, source, is_near, block, small.data());
        backend.resize(ResizeArguments{.input = small.data(),
                                       .from = plan.source_size,
                                       .channels = count,
                                       .output = scores,
                                       .to = plan.pixel.size,
                                       .output_channels = count,
                                       .first_channel = 0});
    };
    run_class_blocks(backend, plan.pixel, in.image, fill, out, clock,
                     reads_result(backend, report) ? &result : nullptr);
    if (!report) return;
    clock.read(*report);
    fill_report(result, plan.pixel.solver.tolerance, report->pixel_solve_ms, report->pixel);
}

} // namespace lposs
