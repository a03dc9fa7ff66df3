// The pixel graph as a stencil: no index and no weight is stored.
#pragma once
#include "cuda/device_graph.h"
#include "cuda/stencil.h"
#include "cuda/workspace.h"

namespace lposs::cuda {

class PixelGraph final : public DeviceGraph {
public:
    PixelGraph(const Workspace& work, const StencilShape& shape, const float* lab, float tau);
    ~PixelGraph() override { wait_for_uses(); }

    int64_t edge_count() const override;
    int64_t memory() const override;
    const StencilShape& shape() const { return shape_; }
    const float4* pixels() const { return pixels_.data(); }

private:
    StencilShape shape_;
    DeviceBuffer<float4> pixels_;
};

/// lab [H,W,3] (L 0 to 100, a, b; divided by (100, 128, 128) here) -> S.
std::unique_ptr<PixelGraph> pixel_graph(const Workspace& work, const float* lab, int64_t height,
                                        int64_t width, const lposs_pixel_graph_options& options);

/// y [H*W,columns] -> x [H*W,columns] over a pixel graph; x may be y. result may be null.
void propagate(const Workspace& work, const PixelGraph& graph, const float* y, int64_t columns, float* x,
               const lposs_solver_options& options, SolveResult* result);

Backend::Cost pixel_graph_cost(int64_t height, int64_t width);
int64_t pixel_propagate_cost(int64_t height, int64_t width, int32_t radius, int64_t columns);

} // namespace lposs::cuda
