#include "stages.h"

#include <functional>

namespace bench {
namespace {

lposs_graph_info info_of(const lposs_graph* graph) {
    lposs_graph_info info;
    lposs_graph_info_init(&info);
    must(lposs_graph_get_info(graph, &info));
    return info;
}

Graph patch_graph_of(lposs_context* context, const DeviceArray<float>& features, const DeviceArray<float>& centres) {
    lposs_graph* graph = nullptr;
    must(lposs_graph_create_from_patches(context, features.tensor(), centres.tensor(), nullptr, &graph));
    return Graph(graph);
}

Graph pixel_graph_of(lposs_context* context, const DeviceArray<uint8_t>& image) {
    lposs_graph* graph = nullptr;
    must(lposs_graph_create_from_image(context, image.tensor(), nullptr, &graph));
    return Graph(graph);
}

void time_stage(lposs_context* context, const Repeats& repeats, Stage& stage, const std::function<void()>& run) {
    const Times times = time_runs(repeats, run, [&] { must(lposs_context_synchronize(context)); });
    stage.ms = times.median_ms;
    stage.queued_ms = times.queued_ms;
}

/// Times making a graph; the last one is left in `graph`.
void time_graph(lposs_context* context, const Repeats& repeats, Stage& stage, Graph& graph,
                const std::function<Graph()>& make) {
    time_stage(context, repeats, stage, [&] {
        graph.reset();
        graph = make();
    });
}

lposs_device device_of(lposs_context* context) {
    lposs_context_info info;
    lposs_context_info_init(&info);
    must(lposs_context_get_info(context, &info));
    return info.device;
}

/// Passes over an [M,C] vector in one step of conjugate gradients. CPU: the product reads p and writes q, the updates
/// read x, p, r, q and write x, r, and p = r + b p reads two and writes one. CUDA: one pass reads and writes each of
/// the four.
double vector_passes(lposs_device device) {
    return device == LPOSS_DEVICE_CUDA ? 8.0 : 9.0;
}

Stage time_solve(const char* name, lposs_context* context, const lposs_graph* graph, Array<float>& y,
                 double weight_bytes, const Repeats& repeats) {
    Array<float> x(y.shape);
    const DeviceArray<float> from(context, y);
    const DeviceArray<float> to(context, x);
    const auto columns = static_cast<int32_t>(y.shape[1]);
    std::vector<int32_t> steps(static_cast<size_t>(columns));
    lposs_solve_report report;
    lposs_solve_report_init(&report);
    report.column_capacity = columns;
    report.steps = steps.data();
    must(lposs_graph_propagate(context, graph, from.tensor(), nullptr, to.tensor(), &report));

    Stage stage{name};
    time_stage(context, repeats, stage,
               [&] { must(lposs_graph_propagate(context, graph, from.tensor(), nullptr, to.tensor(), nullptr)); });
    const double most_steps = *std::max_element(steps.begin(), steps.end());
    const auto edges = static_cast<double>(info_of(graph).edge_count);
    stage.operations = most_steps * edges * 2.0 * columns;
    const double passes = vector_passes(device_of(context));
    stage.bytes = most_steps * (weight_bytes + passes * static_cast<double>(y.size()) * sizeof(float));
    return stage;
}

} // namespace

Context make_context(lposs_device device, int threads) {
    lposs_context_options options;
    lposs_context_options_init(&options);
    options.device = device;
    options.thread_count = device == LPOSS_DEVICE_CPU ? threads : 0;
    lposs_context* context = nullptr;
    must(lposs_context_create(&options, &context));
    return Context(context);
}

Graph patch_graph(lposs_context* context, Problem& problem) {
    const DeviceArray<float> features(context, problem.features);
    const DeviceArray<float> centres(context, problem.centres);
    Graph graph = patch_graph_of(context, features, centres);
    must(lposs_context_synchronize(context)); // before the arrays go
    return graph;
}

Graph pixel_graph(lposs_context* context, Problem& problem) {
    const DeviceArray<uint8_t> image(context, problem.image);
    Graph graph = pixel_graph_of(context, image);
    must(lposs_context_synchronize(context));
    return graph;
}

Array<float> propagate(lposs_context* context, const lposs_graph* graph, Array<float>& y) {
    Array<float> x(y.shape);
    const DeviceArray<float> from(context, y);
    const DeviceArray<float> to(context, x);
    must(lposs_graph_propagate(context, graph, from.tensor(), nullptr, to.tensor(), nullptr));
    must(lposs_context_synchronize(context));
    to.download();
    return x;
}

Stage time_patch_graph(lposs_context* context, Problem& problem, const Repeats& repeats) {
    const DeviceArray<float> features(context, problem.features);
    const DeviceArray<float> centres(context, problem.centres);
    Stage stage{"patch_graph"};
    Graph graph;
    time_graph(context, repeats, stage, graph, [&] { return patch_graph_of(context, features, centres); });
    const auto n = static_cast<double>(problem.patches);
    const auto edges = static_cast<double>(info_of(graph.get()).edge_count);
    stage.operations = 2.0 * n * n * static_cast<double>(problem.dimensions);
    stage.bytes =
        n * static_cast<double>(problem.dimensions) * sizeof(float) + edges * (sizeof(float) + sizeof(int32_t));
    return stage;
}

Stage time_patch_solve(lposs_context* context, Problem& problem, const Repeats& repeats) {
    const Graph graph = patch_graph(context, problem);
    const auto edges = static_cast<double>(info_of(graph.get()).edge_count);
    return time_solve("patch_solve", context, graph.get(), problem.patch_scores,
                      edges * (sizeof(float) + sizeof(int32_t)), repeats);
}

Stage time_pixel_graph(lposs_context* context, Problem& problem, const Repeats& repeats) {
    const DeviceArray<uint8_t> image(context, problem.image);
    Stage stage{"pixel_graph"};
    Graph graph;
    time_graph(context, repeats, stage, graph, [&] { return pixel_graph_of(context, image); });
    // Per weight: three differences, three multiply-adds, a square root, a scaling and an exponential (counted as 1).
    const double weights = 0.5 * static_cast<double>(info_of(graph.get()).edge_count);
    stage.operations = weights * 12.0;
    stage.bytes = weights * sizeof(float) + static_cast<double>(problem.image.size()) * (1 + sizeof(float));
    return stage;
}

Stage time_pixel_solve(lposs_context* context, Problem& problem, const Repeats& repeats) {
    const Graph graph = pixel_graph(context, problem);
    const double weights = 0.5 * static_cast<double>(info_of(graph.get()).edge_count);
    // CUDA makes the weights again at each step, from four floats a pixel.
    const double bytes = device_of(context) == LPOSS_DEVICE_CUDA
                             ? static_cast<double>(problem.pixel_scores.shape[0]) * 4 * sizeof(float)
                             : weights * sizeof(float);
    return time_solve("pixel_solve", context, graph.get(), problem.pixel_scores, bytes, repeats);
}

Stage time_refine(lposs_context* context, int64_t height, int64_t width, int64_t classes, const Repeats& repeats) {
    Array<uint8_t> image = make_picture(height, width);
    Array<float> scores = make_scores((height + 15) / 16 * ((width + 15) / 16), classes);
    scores.shape = {(height + 15) / 16, (width + 15) / 16, classes};
    Array<int32_t> labels({height, width});
    const DeviceArray<uint8_t> device_image(context, image);
    const DeviceArray<int32_t> result(context, labels);
    lposs_refine_inputs inputs;
    lposs_refine_inputs_init(&inputs);
    inputs.image = *device_image.tensor();
    inputs.scores = view(scores);
    lposs_segment_outputs outputs;
    lposs_segment_outputs_init(&outputs);
    outputs.labels = *result.tensor();
    Stage stage{"refine"};
    time_stage(context, repeats, stage,
               [&] { must(lposs_image_refine(context, &inputs, nullptr, &outputs, nullptr)); });
    return stage;
}

int64_t take_memory_peak(lposs_context* context) {
    lposs_context_info info;
    lposs_context_info_init(&info);
    must(lposs_context_get_info(context, &info));
    must(lposs_context_reset_memory_peak(context));
    return info.memory_peak;
}

} // namespace bench
