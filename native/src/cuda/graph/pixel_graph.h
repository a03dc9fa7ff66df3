// The pixel graph as a stencil: no index and no weight is stored.
#pragma once
#include "cuda/graph/device_graph.h"
#include "cuda/solve/stencil.h"

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
    void solve(const Workspace& work, const PropagateArguments& a) const override;

    StencilShape shape_;
    DeviceBuffer<float4> pixels_;
};

} // namespace lposs::cuda
