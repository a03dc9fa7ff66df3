// X = (I - alpha S)^-1 Y over any graph.
#include "guard.h"
#include "options.h"
#include "report.h"
#include "staging.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_propagate(lposs_context* context, const lposs_graph* graph,
                                       const lposs_tensor* y, const lposs_solver_options* options,
                                       const lposs_tensor* x, lposs_solve_report* report) {
    return guard([&] {
        Backend& backend = check_context(context);
        if (!graph) fail(LPOSS_ERROR_INVALID_ARGUMENT, "graph: is NULL");
        if (graph->graph->device() != backend.device())
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "graph: lies on another device than the context");
        check_tensor(check_struct(y, "y"), "y", {LPOSS_FLOAT32},
                     {known("N", graph->graph->node_count()), "C"});
        check_tensor(check_struct(x, "x"), "x", {LPOSS_FLOAT32},
                     {known("N", y->shape[0]), known("C", y->shape[1])});
        if (x->data != y->data) check_apart(*x, "x", *y, "y");
        auto resolved = resolve(options, "options");
        check_report(report, "report");
        check_finite(*y, "y");

        const int64_t columns = y->shape[1];
        const StagedInput<float> staged_y(backend, *y, "y");
        StagedOutput<float> staged_x(backend, *x, "x");
        const float* source = staged_y.data();
        backend.clear_marks();
        const int begin = backend.mark();
        if (resolved.subtract_class_mean) {
            backend.subtract_row_means(source, y->shape[0], columns, staged_x.data());
            source = staged_x.data();
        }
        SolveResult result;
        backend.propagate(*graph->graph, source, columns, staged_x.data(), resolved,
                          report ? &result : nullptr);
        const int end = backend.mark();
        staged_x.finish();
        if (report) fill_report(result, resolved.tolerance, backend.milliseconds(begin, end), *report);
    });
}

} // extern "C"
