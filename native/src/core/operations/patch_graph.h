// S of the appearance graph under the spatial mask (paper, section 3.2): W = A + A^T without its diagonal,
// A_ij = max(sim_ij, 0)^gamma exp(-sigma dist_ij^p) for j among the k nearest of i.
#pragma once

#include "core/graph.h"

#include <memory>

namespace lposs {

struct PatchGraphArguments {
    const float* features = nullptr;          ///< [N,D]
    const float* centres = nullptr;           ///< [N,2]: y, x in pixels
    int64_t n = 0, d = 0;                     ///< N, D
    const lposs_patch_graph_options& options; ///< k may be more than N
};

namespace cpu {
struct Workspace;
std::unique_ptr<Graph> patch_graph(const Workspace& work, const PatchGraphArguments& a);
/// Pointers are not read.
Cost patch_graph_cost(const Workspace& work, const PatchGraphArguments& a);
} // namespace cpu

namespace cuda {
struct Workspace;
std::unique_ptr<Graph> patch_graph(const Workspace& work, const PatchGraphArguments& a);
Cost patch_graph_cost(const PatchGraphArguments& a);
} // namespace cuda

} // namespace lposs
