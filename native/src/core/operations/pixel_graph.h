// S of the graph of pixels (paper, section 3.3): W_ij = exp(-|dLab| / tau) in the window of (2 radius + 1)^2 pixels
// around i, without i.
#pragma once

#include "core/graph.h"
#include "core/image_size.h"

#include <memory>

namespace lposs {

struct PixelGraphArguments {
    const float* lab; ///< [H,W,3] as rgb_to_lab() gives it; it is divided by (100, 128, 128) here
    ImageSize size;   ///< H x W
    const lposs_pixel_graph_options& options;
};

namespace cpu {
struct Workspace;
std::unique_ptr<Graph> pixel_graph(const Workspace& work, const PixelGraphArguments& a);
/// Pointers are not read.
Cost pixel_graph_cost(const PixelGraphArguments& a);
/// Scratch bytes of propagating so many columns over it.
int64_t pixel_propagate_cost(const PixelGraphArguments& a, int64_t columns);
} // namespace cpu

namespace cuda {
struct Workspace;
std::unique_ptr<Graph> pixel_graph(const Workspace& work, const PixelGraphArguments& a);
Cost pixel_graph_cost(const PixelGraphArguments& a);
int64_t pixel_propagate_cost(const PixelGraphArguments& a, int64_t columns);
} // namespace cuda

} // namespace lposs
