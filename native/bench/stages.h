// The four stages through the C ABI: run, timed, counted.
#pragma once

#include "device_array.h"
#include "problem.h"
#include "timing.h"

#include <memory>
#include <string>

namespace bench {

struct ContextDeleter {
    void operator()(lposs_context* context) const { lposs_context_destroy(context); }
};
using Context = std::unique_ptr<lposs_context, ContextDeleter>;

struct GraphDeleter {
    void operator()(lposs_graph* graph) const { lposs_graph_destroy(graph); }
};
using Graph = std::unique_ptr<lposs_graph, GraphDeleter>;

Context make_context(lposs_device device, int threads);

Graph patch_graph(lposs_context* context, Problem& problem);
Graph pixel_graph(lposs_context* context, Problem& problem);

/// x [M,C] from y [M,C].
Array<float> propagate(lposs_context* context, const lposs_graph* graph, Array<float>& y);

struct Stage {
    std::string name;
    double ms = 0.0;            ///< one run and the wait for it, median
    double queued_ms = 0.0;     ///< a run's share of many that were queued at once; 0: not timed
    double operations = 0.0;    ///< floating-point, a multiply-add counted as two
    double bytes = 0.0;         ///< that must move through memory, each array once per pass
    double reference_ms = 0.0;  ///< 0: not run
    double error = -1.0;        ///< relative L2 error against the reference or float64; -1: not compared
    double equal_labels = -1.0; ///< share of rows whose largest score is the same as in float64; -1: not compared

    double gflops() const { return operations / ms * 1e-6; }
    double gbps() const { return bytes / ms * 1e-6; }
};

Stage time_patch_graph(lposs_context* context, Problem& problem, const Repeats& repeats);
Stage time_patch_solve(lposs_context* context, Problem& problem, const Repeats& repeats);
Stage time_pixel_graph(lposs_context* context, Problem& problem, const Repeats& repeats);
Stage time_pixel_solve(lposs_context* context, Problem& problem, const Repeats& repeats);

/// From coarse scores (a sixteenth of the image's sides) to labels, in blocks of classes as lposs_image_refine chooses.
Stage time_refine(lposs_context* context, int64_t height, int64_t width, int64_t classes, const Repeats& repeats);

/// The most memory of graphs, scratch and device arrays since the last call.
int64_t take_memory_peak(lposs_context* context);

} // namespace bench
