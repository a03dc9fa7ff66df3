#include "core/options.h"

#include "core/option_table.h"
#include "core/struct_io.h"

#include <string>
#include <type_traits>

namespace lposs {
namespace {

template <size_t count>
void check_reserved(const uint32_t (&reserved)[count], const std::string& prefix) {
    for (const uint32_t value : reserved)
        if (value != 0) fail(LPOSS_ERROR_INVALID_ARGUMENT, "%sreserved: is %u; it must be 0", prefix.c_str(), value);
}

/// An empty struct of this version's size; false, and nothing happens, for NULL.
template <class Struct>
bool clear(Struct* given) {
    if (!given) return false;
    *given = {};
    given->struct_size = sizeof *given;
    return true;
}

template <class Struct>
double value_of(const Struct& options, const Option<Struct>& option) {
    return std::visit([&](auto field) { return static_cast<double>(options.*field); }, option.field);
}

/// The defaults of a struct's options; everything else is 0.
template <class Struct>
void set_defaults(Struct* options) {
    if (!clear(options)) return;
    for (const Option<Struct>& option : options_of(*options))
        std::visit(
            [&](auto field) {
                using Value = std::remove_reference_t<decltype(options->*field)>;
                options->*field = static_cast<Value>(option.standard);
            },
            option.field);
}

template <class Struct>
Struct resolve_values(const Struct* given, const char* name, void (*init)(Struct*)) {
    const Struct options = read_optional_struct(given, name, init);
    for (const Option<Struct>& option : options_of(options))
        if (const double value = value_of(options, option); !option.range.contains(value))
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s.%s: is %g; it may be %s", name, option.name, value,
                 describe(option.range).c_str());
    check_reserved(options.reserved, std::string(name) + ".");
    return options;
}

/// Options that lie inside of others.
template <class Struct>
Struct resolve_part(const Struct& part, const std::string& name) {
    check_part_size(part, name.c_str());
    return resolve(&part, name.c_str());
}

} // namespace

lposs_patch_graph_options resolve(const lposs_patch_graph_options* options, const char* name) {
    return resolve_values(options, name, lposs_patch_graph_options_init);
}

lposs_pixel_graph_options resolve(const lposs_pixel_graph_options* options, const char* name) {
    return resolve_values(options, name, lposs_pixel_graph_options_init);
}

lposs_solver_options resolve(const lposs_solver_options* options, const char* name) {
    return resolve_values(options, name, lposs_solver_options_init);
}

lposs_segment_options resolve(const lposs_segment_options* options, const char* name) {
    auto o = read_optional_struct(options, name, lposs_segment_options_init);
    if (o.mode < LPOSS_MODE_VLM || o.mode > LPOSS_MODE_LPOSS_PLUS)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s.mode: is %d; it may be 0 (VLM), 1 (LPOSS) or 2 (LPOSS_PLUS)", name,
             o.mode);
    const std::string prefix = std::string(name) + ".";
    o.patch_graph = resolve_part(o.patch_graph, prefix + "patch_graph");
    o.pixel_graph = resolve_part(o.pixel_graph, prefix + "pixel_graph");
    o.patch_solver = resolve_part(o.patch_solver, prefix + "patch_solver");
    o.pixel_solver = resolve_part(o.pixel_solver, prefix + "pixel_solver");
    return o;
}

lposs_refine_options resolve(const lposs_refine_options* options, const char* name) {
    auto o = read_optional_struct(options, name, lposs_refine_options_init);
    const std::string prefix = std::string(name) + ".";
    o.graph = resolve_part(o.graph, prefix + "graph");
    o.solver = resolve_part(o.solver, prefix + "solver");
    return o;
}

lposs_segment_inputs read_inputs(const lposs_segment_inputs* inputs) {
    return read_struct(inputs, "inputs", lposs_segment_inputs_init);
}

lposs_refine_inputs read_inputs(const lposs_refine_inputs* inputs) {
    return read_struct(inputs, "inputs", lposs_refine_inputs_init);
}

lposs_segment_outputs read_outputs(const lposs_segment_outputs* outputs) {
    return read_struct(outputs, "outputs", lposs_segment_outputs_init);
}

} // namespace lposs

extern "C" {

LPOSS_API void lposs_tensor_init(lposs_tensor* tensor) {
    lposs::clear(tensor);
}

LPOSS_API void lposs_allocator_init(lposs_allocator* allocator) {
    lposs::clear(allocator);
}

LPOSS_API void lposs_context_options_init(lposs_context_options* options) {
    lposs::clear(options);
}

LPOSS_API void lposs_context_info_init(lposs_context_info* info) {
    lposs::clear(info);
}

LPOSS_API void lposs_graph_info_init(lposs_graph_info* info) {
    lposs::clear(info);
}

LPOSS_API void lposs_patch_graph_options_init(lposs_patch_graph_options* options) {
    lposs::set_defaults(options);
}

LPOSS_API void lposs_pixel_graph_options_init(lposs_pixel_graph_options* options) {
    lposs::set_defaults(options);
}

LPOSS_API void lposs_solver_options_init(lposs_solver_options* options) {
    lposs::set_defaults(options);
}

LPOSS_API void lposs_option_info_init(lposs_option_info* info) {
    lposs::clear(info);
}

LPOSS_API void lposs_segment_options_init(lposs_segment_options* options) {
    if (!lposs::clear(options)) return;
    options->mode = LPOSS_MODE_LPOSS_PLUS;
    lposs_patch_graph_options_init(&options->patch_graph);
    lposs_pixel_graph_options_init(&options->pixel_graph);
    lposs_solver_options_init(&options->patch_solver);
    lposs_solver_options_init(&options->pixel_solver);
}

LPOSS_API void lposs_segment_inputs_init(lposs_segment_inputs* inputs) {
    if (!lposs::clear(inputs)) return;
    inputs->patch_size = 16;
    for (lposs_tensor* tensor :
         {&inputs->image, &inputs->windows, &inputs->vlm, &inputs->vm, &inputs->text, &inputs->prompt_classes})
        lposs_tensor_init(tensor);
}

LPOSS_API void lposs_refine_options_init(lposs_refine_options* options) {
    if (!lposs::clear(options)) return;
    lposs_pixel_graph_options_init(&options->graph);
    lposs_solver_options_init(&options->solver);
}

LPOSS_API void lposs_refine_inputs_init(lposs_refine_inputs* inputs) {
    if (!lposs::clear(inputs)) return;
    inputs->ignore = 255;
    for (lposs_tensor* tensor : {&inputs->image, &inputs->scores, &inputs->labels}) lposs_tensor_init(tensor);
}

LPOSS_API void lposs_segment_outputs_init(lposs_segment_outputs* outputs) {
    if (!lposs::clear(outputs)) return;
    for (lposs_tensor* tensor : {&outputs->labels, &outputs->confidence, &outputs->scores}) lposs_tensor_init(tensor);
}

LPOSS_API void lposs_solve_report_init(lposs_solve_report* report) {
    lposs::clear(report);
}

LPOSS_API void lposs_segment_report_init(lposs_segment_report* report) {
    if (!lposs::clear(report)) return;
    lposs_solve_report_init(&report->patch);
    lposs_solve_report_init(&report->pixel);
}

} // extern "C"
