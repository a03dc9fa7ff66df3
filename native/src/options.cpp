#include "options.h"

#include <cmath>
#include <string>

namespace lposs {
namespace {

void check_flag(int32_t value, const std::string& name) {
    if (value != 0 && value != 1)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is %d; it may be 0 or 1", name.c_str(), value);
}

void check_range(double value, bool ok, const std::string& name, const char* range) {
    if (!ok || !std::isfinite(value))
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is %g; it may be %s", name.c_str(), value, range);
}

template <class Struct, class Init>
Struct take(const Struct* options, const char* name, Init init) {
    if (options) return check_options(options, name);
    Struct defaults;
    init(&defaults);
    return defaults;
}

} // namespace

lposs_patch_graph_options resolve(const lposs_patch_graph_options* options, const char* name) {
    const auto o = take(options, name, lposs_patch_graph_options_init);
    const std::string prefix = std::string(name) + ".";
    check_range(o.k, o.k >= 1, prefix + "k", "1 or more");
    check_range(o.gamma, o.gamma > 0, prefix + "gamma", "any number above 0");
    check_range(o.sigma, o.sigma >= 0, prefix + "sigma", "0 or more");
    check_range(o.distance_power, o.distance_power > 0, prefix + "distance_power", "any number above 0");
    check_flag(o.centre, prefix + "centre");
    return o;
}

lposs_pixel_graph_options resolve(const lposs_pixel_graph_options* options, const char* name) {
    const auto o = take(options, name, lposs_pixel_graph_options_init);
    const std::string prefix = std::string(name) + ".";
    check_range(o.tau, o.tau > 0, prefix + "tau", "any number above 0");
    check_range(o.radius, o.radius >= 1 && o.radius <= 15, prefix + "radius", "1 to 15");
    return o;
}

lposs_solver_options resolve(const lposs_solver_options* options, const char* name) {
    const auto o = take(options, name, lposs_solver_options_init);
    const std::string prefix = std::string(name) + ".";
    check_range(o.alpha, o.alpha >= 0 && o.alpha < 1, prefix + "alpha", "0 or more and less than 1");
    check_range(o.tolerance, o.tolerance >= 0, prefix + "tolerance", "0 or more");
    check_range(o.max_steps, o.max_steps >= 1 && o.max_steps <= 10000, prefix + "max_steps", "1 to 10000");
    check_flag(o.subtract_class_mean, prefix + "subtract_class_mean");
    return o;
}

lposs_segment_options resolve(const lposs_segment_options* options, const char* name) {
    auto o = take(options, name, lposs_segment_options_init);
    if (o.mode < LPOSS_MODE_VLM || o.mode > LPOSS_MODE_LPOSS_PLUS)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s.mode: is %d; it may be 0 (VLM), 1 (LPOSS) or 2 (LPOSS_PLUS)",
             name, o.mode);
    const std::string prefix = std::string(name) + ".";
    o.patch_graph = resolve(&o.patch_graph, (prefix + "patch_graph").c_str());
    o.pixel_graph = resolve(&o.pixel_graph, (prefix + "pixel_graph").c_str());
    o.patch_solver = resolve(&o.patch_solver, (prefix + "patch_solver").c_str());
    o.pixel_solver = resolve(&o.pixel_solver, (prefix + "pixel_solver").c_str());
    return o;
}

lposs_refine_options resolve(const lposs_refine_options* options, const char* name) {
    auto o = take(options, name, lposs_refine_options_init);
    const std::string prefix = std::string(name) + ".";
    o.graph = resolve(&o.graph, (prefix + "graph").c_str());
    o.solver = resolve(&o.solver, (prefix + "solver").c_str());
    return o;
}

} // namespace lposs

extern "C" {

LPOSS_API void lposs_tensor_init(lposs_tensor* tensor) {
    *tensor = {};
    tensor->size = sizeof *tensor;
}

LPOSS_API void lposs_context_options_init(lposs_context_options* options) {
    *options = {};
    options->size = sizeof *options;
}

LPOSS_API void lposs_patch_graph_options_init(lposs_patch_graph_options* options) {
    *options = {sizeof *options, 400, 3.0F, 0.01F, 1.0F, 0};
}

LPOSS_API void lposs_pixel_graph_options_init(lposs_pixel_graph_options* options) {
    *options = {sizeof *options, 0.01F, 6};
}

LPOSS_API void lposs_solver_options_init(lposs_solver_options* options) {
    *options = {sizeof *options, 0.95F, 1e-6F, 10, 0};
}

LPOSS_API void lposs_segment_options_init(lposs_segment_options* options) {
    options->size = sizeof *options;
    options->mode = LPOSS_MODE_LPOSS_PLUS;
    lposs_patch_graph_options_init(&options->patch_graph);
    lposs_pixel_graph_options_init(&options->pixel_graph);
    lposs_solver_options_init(&options->patch_solver);
    lposs_solver_options_init(&options->pixel_solver);
}

LPOSS_API void lposs_segment_inputs_init(lposs_segment_inputs* inputs) {
    *inputs = {};
    inputs->size = sizeof *inputs;
    inputs->patch_size = 16;
    for (lposs_tensor* tensor : {&inputs->image, &inputs->windows, &inputs->vlm, &inputs->vm, &inputs->text,
                                 &inputs->prompt_classes})
        lposs_tensor_init(tensor);
}

LPOSS_API void lposs_segment_outputs_init(lposs_segment_outputs* outputs) {
    *outputs = {};
    outputs->size = sizeof *outputs;
    for (lposs_tensor* tensor : {&outputs->labels, &outputs->confidence, &outputs->scores})
        lposs_tensor_init(tensor);
}

LPOSS_API void lposs_solve_report_init(lposs_solve_report* report) {
    *report = {};
    report->size = sizeof *report;
}

LPOSS_API void lposs_segment_report_init(lposs_segment_report* report) {
    *report = {};
    report->size = sizeof *report;
    lposs_solve_report_init(&report->patch);
    lposs_solve_report_init(&report->pixel);
}

} // extern "C"
