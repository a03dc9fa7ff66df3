#pragma once
#include "cuda/workspace.h"

namespace lposs::cuda {

/// features [N,D], centres [N,2] (y, x) in pixels -> S of the appearance graph under the spatial mask.
std::unique_ptr<Graph> patch_graph(const Workspace& work, const float* features, int64_t n, int64_t d,
                                   const float* centres, const lposs_patch_graph_options& options);

Backend::Cost patch_graph_cost(int64_t n, int64_t d, const lposs_patch_graph_options& options);

/// Scratch bytes of propagate() over whichever graph it is.
int64_t patch_propagate_cost(int64_t n, int64_t columns);

} // namespace lposs::cuda
