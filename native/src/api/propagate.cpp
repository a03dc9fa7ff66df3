// X = (I - alpha S)^-1 Y over any graph.
#include "api/guard.h"
#include "core/options.h"
#include "core/report.h"
#include "core/staging.h"
#include "core/struct_io.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_graph_propagate(lposs_context* context, const lposs_graph* graph, const lposs_tensor* y,
                                             const lposs_solver_options* options, const lposs_tensor* x,
                                             lposs_solve_report* report) {
    return guard(context, [&](Backend& backend) {
        if (!graph) fail(LPOSS_ERROR_INVALID_ARGUMENT, "graph: is NULL");
        if (graph->graph->device() != backend.device())
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "graph: lies on another device than the context");
        check_tensor(check_struct(y, "y"), "y", {LPOSS_FLOAT32}, {known("N", graph->graph->node_count()), "C"});
        check_tensor(check_struct(x, "x"), "x", {LPOSS_FLOAT32}, {known("N", y->shape[0]), known("C", y->shape[1])});
        if (x->data != y->data) check_apart(*x, "x", *y, "y");
        auto resolved = resolve(options, "options");
        lposs_solve_report filled = read_report(report, "report");
        check_finite(*y, "y", largest_score);

        const int64_t columns = y->shape[1];
        const StagedInput<float> staged_y(backend, *y, "y");
        StagedOutput<float> staged_x(backend, *x, "x");
        const float* source = staged_y.data();
        backend.clear_events();
        const int begin = backend.record_event();
        if (resolved.subtract_class_mean) {
            backend.subtract_row_means({.y = source, .x = staged_x.data(), .m = y->shape[0], .columns = columns});
            source = staged_x.data();
        }
        SolveResult result;
        backend.progress().begin(graph->solve_stage, 0, 1);
        backend.propagate(*graph->graph, {.y = source,
                                          .x = staged_x.data(),
                                          .columns = columns,
                                          .options = resolved,
                                          .result = reads_result(backend, report) ? &result : nullptr});
        require_finite(result);
        const int end = backend.record_event();
        staged_x.finish();
        if (!report) return;
        fill_report(result, resolved.tolerance, backend.milliseconds(begin, end), filled);
        write_struct(report, filled);
    });
}

} // extern "C"
