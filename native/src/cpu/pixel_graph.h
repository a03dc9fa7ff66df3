// The pixel graph as a stencil: no index is stored, and one weight serves both directions of an edge.
#pragma once
#include "cpu/workspace.h"

namespace lposs::cpu {

class PixelGraph;

/// lab [H,W,3] (L 0 to 100, a, b; divided by (100, 128, 128) here) -> S.
std::unique_ptr<Graph> pixel_graph(const Workspace& work, const float* lab, int64_t height, int64_t width,
                                   const lposs_pixel_graph_options& options);

/// y [H*W,columns] -> x [H*W,columns] over a pixel graph; x may be y. Columns run in blocks.
void propagate(const Workspace& work, const PixelGraph& graph, const float* y, int64_t columns, float* x,
               const lposs_solver_options& options, SolveResult& result);

Backend::Cost pixel_graph_cost(int64_t height, int64_t width, const lposs_pixel_graph_options& options);
int64_t pixel_propagate_cost(int64_t height, int64_t width, int32_t radius, int64_t columns);

} // namespace lposs::cpu
