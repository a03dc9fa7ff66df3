#include "check.h"

#include "spec/conjugate_gradient.h"
#include "spec/lab.h"
#include "spec/patch_graph.h"
#include "spec/pixel_graph.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>

namespace bench {
namespace {

constexpr double tolerance = 1e-4; // design bound: relative L2 error against float64

double check_solve(const char* name, lposs_context* context, const lposs_graph* graph, const spec::Graph& w,
                   Array<float>& y) {
    lposs_solver_options options;
    lposs_solver_options_init(&options);
    const Array<float> x = propagate(context, graph, y);
    const double error = relative_error(x, spec::propagate(w, cast<double>(y), options).x);
    if (!(error <= tolerance))
        throw std::runtime_error(std::string(name) + ": is " + std::to_string(error) +
                                 " from the spec (relative L2); nothing was timed");
    return error;
}

/// The solution in double precision; columns know nothing of each other, so each processor takes some.
Array<double> solve_float64(const spec::Graph& w, const Array<float>& y, const lposs_solver_options& options) {
    const int64_t rows = y.shape[0], columns = y.shape[1];
    Array<double> x({rows, columns});
    std::atomic<int64_t> next = 0;
    const auto work = [&] {
        for (int64_t c; (c = next++) < columns;) {
            Array<double> column({rows, 1});
            for (int64_t i = 0; i < rows; ++i) column(i) = static_cast<double>(y(i * columns + c));
            const Array<double> solution = spec::propagate(w, column, options).x;
            for (int64_t i = 0; i < rows; ++i) x(i * columns + c) = solution(i);
        }
    };
    const auto threads = std::min<int64_t>(std::max(1u, std::thread::hardware_concurrency()), columns);
    std::vector<std::thread> others;
    for (int64_t t = 1; t < threads; ++t) others.emplace_back(work);
    work();
    for (std::thread& other : others) other.join();
    return x;
}

/// The share of rows whose largest value stands in the same column.
double equal_labels(const Array<float>& x, const Array<double>& y) {
    const int64_t rows = y.shape[0], columns = y.shape[1];
    int64_t equal = 0;
    for (int64_t i = 0; i < rows; ++i) {
        const float* found = x.values.data() + i * columns;
        const double* expected = y.values.data() + i * columns;
        equal += std::max_element(found, found + columns) - found ==
                 std::max_element(expected, expected + columns) - expected;
    }
    return static_cast<double>(equal) / static_cast<double>(rows);
}

} // namespace

double relative_error(const Array<float>& x, const Array<double>& y) {
    double difference = 0.0, length = 0.0;
    for (int64_t i = 0; i < y.size(); ++i) {
        if (!std::isfinite(x(i))) return std::numeric_limits<double>::infinity();
        const double d = static_cast<double>(x(i)) - y(i);
        difference += d * d;
        length += y(i) * y(i);
    }
    return std::sqrt(difference / length);
}

void compare_with_float64(lposs_context* context, Problem& problem, std::vector<Stage>& stages) {
    lposs_solver_options solver;
    lposs_solver_options_init(&solver);
    const auto compare = [&](Stage& stage, const Graph& graph, const spec::Graph& w, Array<float>& y) {
        const Array<float> x = propagate(context, graph.get(), y);
        const Array<double> expected = solve_float64(w, y, solver);
        stage.error = relative_error(x, expected);
        stage.equal_labels = equal_labels(x, expected);
    };
    for (Stage& stage : stages) {
        if (stage.name == "patch_solve") {
            lposs_patch_graph_options options;
            lposs_patch_graph_options_init(&options);
            compare(stage, patch_graph(context, problem),
                    spec::patch_graph(cast<double>(problem.features), cast<double>(problem.centres), options),
                    problem.patch_scores);
        }
        if (stage.name == "pixel_solve") {
            lposs_pixel_graph_options options;
            lposs_pixel_graph_options_init(&options);
            compare(stage, pixel_graph(context, problem), spec::pixel_graph(spec::rgb_to_lab(problem.image), options),
                    problem.pixel_scores);
        }
    }
}

void check_stability(lposs_context* context, Problem& problem, int runs) {
    const auto check = [&](const char* name, const auto& make_graph, Array<float>& y) {
        std::vector<float> first;
        for (int run = 0; run < runs; ++run) {
            const Array<float> x = propagate(context, make_graph(context, problem).get(), y);
            if (run == 0) first = x.values;
            if (std::memcmp(first.data(), x.values.data(), first.size() * sizeof(float)) != 0)
                throw std::runtime_error(std::string(name) + ": run " + std::to_string(run + 1) +
                                         " has other bits than the first");
        }
    };
    check("patch step", patch_graph, problem.patch_scores);
    check("pixel step", pixel_graph, problem.pixel_scores);
}

double check_against_spec(lposs_context* context, int64_t height, int64_t width, int64_t dimensions, int64_t classes) {
    Problem small = make_problem(std::min<int64_t>(height, 96), std::min<int64_t>(width, 128), 400, dimensions,
                                 std::min<int64_t>(classes, 24));
    lposs_patch_graph_options patch_options;
    lposs_patch_graph_options_init(&patch_options);
    const Graph patches = patch_graph(context, small);
    const auto patch_spec = spec::patch_graph(cast<double>(small.features), cast<double>(small.centres), patch_options);
    const double patch_error = check_solve("patch step", context, patches.get(), patch_spec, small.patch_scores);

    lposs_pixel_graph_options pixel_options;
    lposs_pixel_graph_options_init(&pixel_options);
    const Graph pixels = pixel_graph(context, small);
    const auto pixel_spec = spec::pixel_graph(spec::rgb_to_lab(small.image), pixel_options);
    const double pixel_error = check_solve("pixel step", context, pixels.get(), pixel_spec, small.pixel_scores);
    return std::max(patch_error, pixel_error);
}

} // namespace bench
