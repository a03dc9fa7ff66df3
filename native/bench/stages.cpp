#include "stages.h"

#include "timing.h"

#include <stdexcept>

namespace bench {
namespace {

template <class T>
lposs_tensor tensor_of(const Array<T>& array, lposs_dtype dtype) {
    lposs_tensor tensor;
    lposs_tensor_init(&tensor);
    tensor.dtype = dtype;
    tensor.ndim = static_cast<int32_t>(array.shape.size());
    for (size_t i = 0; i < array.shape.size(); ++i) tensor.shape[i] = array.shape[i];
    tensor.data = const_cast<T*>(array.values.data());
    return tensor;
}

lposs_graph_info info_of(const lposs_graph* graph) {
    lposs_graph_info info{};
    info.size = sizeof info;
    must(lposs_graph_get_info(graph, &info));
    return info;
}

/// Passes over an [M,C] vector in one step of conjugate gradients: the product reads p and writes q, the
/// updates read x, p, r, q and write x, r, and p = r + b p reads two and writes one; fused, each array is
/// touched once a step.
constexpr double vector_passes = 9.0;

Stage time_solve(const char* name, lposs_context* context, const lposs_graph* graph, const Array<float>& y,
                 double weight_bytes, int repeats) {
    int32_t steps = 0;
    Array<float> x(y.shape);
    Stage stage{name};
    stage.ms = median_ms(repeats, [&] { steps = propagate(context, graph, y, x); });
    const auto edges = static_cast<double>(info_of(graph).edge_count);
    const auto columns = static_cast<double>(y.shape[1]);
    stage.operations = steps * edges * 2.0 * columns;
    stage.bytes = steps * (weight_bytes + vector_passes * static_cast<double>(y.size()) * sizeof(float));
    return stage;
}

} // namespace

void must(lposs_status status) {
    if (status != LPOSS_OK) throw std::runtime_error(lposs_last_error());
}

Context make_context(lposs_device device, int threads) {
    lposs_context_options options;
    lposs_context_options_init(&options);
    options.device = device;
    options.thread_count = device == LPOSS_DEVICE_CPU ? threads : 0;
    lposs_context* context = nullptr;
    must(lposs_context_create(&options, &context));
    return Context(context);
}

Graph patch_graph(lposs_context* context, const Problem& problem) {
    const lposs_tensor features = tensor_of(problem.features, LPOSS_FLOAT32);
    const lposs_tensor centres = tensor_of(problem.centres, LPOSS_FLOAT32);
    lposs_graph* graph = nullptr;
    must(lposs_graph_from_patches(context, &features, &centres, nullptr, &graph));
    return Graph(graph);
}

Graph pixel_graph(lposs_context* context, const Problem& problem) {
    const lposs_tensor image = tensor_of(problem.image, LPOSS_UINT8);
    lposs_graph* graph = nullptr;
    must(lposs_graph_from_image(context, &image, nullptr, &graph));
    return Graph(graph);
}

int32_t propagate(lposs_context* context, const lposs_graph* graph, const Array<float>& y, Array<float>& x) {
    const lposs_tensor from = tensor_of(y, LPOSS_FLOAT32);
    const lposs_tensor to = tensor_of(x, LPOSS_FLOAT32);
    std::vector<int32_t> steps_of(static_cast<size_t>(y.shape[1]));
    lposs_solve_report report;
    lposs_solve_report_init(&report);
    report.column_capacity = static_cast<int32_t>(y.shape[1]);
    report.steps = steps_of.data();
    must(lposs_propagate(context, graph, &from, nullptr, &to, &report));
    return *std::max_element(steps_of.begin(), steps_of.end());
}

Stage time_patch_graph(lposs_context* context, const Problem& problem, int repeats) {
    Stage stage{"patch_graph"};
    Graph graph;
    stage.ms = median_ms(repeats, [&] {
        graph.reset();
        graph = patch_graph(context, problem);
        must(lposs_context_synchronize(context));
    });
    const auto n = static_cast<double>(problem.patches);
    const auto edges = static_cast<double>(info_of(graph.get()).edge_count);
    stage.operations = 2.0 * n * n * static_cast<double>(problem.dimensions);
    stage.bytes = n * static_cast<double>(problem.dimensions) * sizeof(float) +
                  edges * (sizeof(float) + sizeof(int32_t));
    return stage;
}

Stage time_patch_solve(lposs_context* context, const Problem& problem, int repeats) {
    const Graph graph = patch_graph(context, problem);
    const auto edges = static_cast<double>(info_of(graph.get()).edge_count);
    return time_solve("patch_solve", context, graph.get(), problem.patch_scores,
                      edges * (sizeof(float) + sizeof(int32_t)), repeats);
}

Stage time_pixel_graph(lposs_context* context, const Problem& problem, int repeats) {
    Stage stage{"pixel_graph"};
    Graph graph;
    stage.ms = median_ms(repeats, [&] {
        graph.reset();
        graph = pixel_graph(context, problem);
        must(lposs_context_synchronize(context));
    });
    // Per weight: three differences, three multiply-adds, a square root, a scaling and an exponential
    // (counted as 1).
    const double weights = 0.5 * static_cast<double>(info_of(graph.get()).edge_count);
    stage.operations = weights * 12.0;
    stage.bytes = weights * sizeof(float) + static_cast<double>(problem.image.size()) * (1 + sizeof(float));
    return stage;
}

Stage time_pixel_solve(lposs_context* context, const Problem& problem, int repeats) {
    const Graph graph = pixel_graph(context, problem);
    const double weights = 0.5 * static_cast<double>(info_of(graph.get()).edge_count);
    return time_solve("pixel_solve", context, graph.get(), problem.pixel_scores, weights * sizeof(float),
                      repeats);
}

} // namespace bench
