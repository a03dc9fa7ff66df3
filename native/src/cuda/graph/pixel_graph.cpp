#include "cuda/graph/pixel_graph.h"

#include "core/operations/pixel_graph.h"

#include <algorithm>
#include <cmath>

namespace lposs::cuda {
namespace {

StencilShape shape_of(const PixelGraphArguments& a) {
    return {static_cast<int>(a.size.height), static_cast<int>(a.size.width), a.options.radius};
}

class StencilSystem final : public LinearSystem {
public:
    StencilSystem(const PixelGraph& graph, float alpha) : graph_(graph), alpha_(alpha) {}

    bool by_planes() const override { return true; }
    int64_t partial_count() const override { return stencil_tiles(graph_.shape()); }

    void step(const Workspace& work, const Vectors& vectors, const Columns& columns, double* partials) const override {
        stencil_step(work, graph_.shape(), graph_.pixels(), vectors, columns, alpha_, partials);
    }

private:
    const PixelGraph& graph_;
    float alpha_;
};

/// Lab divided by (100, 128, 128), in units of tau ln 2. Bounded, so that squares of distances stay finite: what is
/// that far apart has no weight for any smaller tau either.
float3 lab_scale(float tau) {
    const double unit = std::min(1.0 / (static_cast<double>(tau) * std::log(2.0)), 1e15);
    return {static_cast<float>(unit / 100), static_cast<float>(unit / 128), static_cast<float>(unit / 128)};
}

/// Pairs of places along an axis that lie at most `radius` apart, both orders and equal places counted.
int64_t pairs_along(int64_t length, int64_t radius) {
    int64_t pairs = length;
    for (int64_t distance = 1; distance <= std::min(radius, length - 1); ++distance) pairs += 2 * (length - distance);
    return pairs;
}

} // namespace

PixelGraph::PixelGraph(const Workspace& work, const StencilShape& shape, const float* lab, float tau)
    : DeviceGraph(work.device_stream, int64_t{shape.height} * shape.width), shape_(shape),
      pixels_(work.buffer<float4>(node_count(), "pixels")) {
    stencil_pixels(work, shape_, lab, lab_scale(tau), pixels_.data());
    mark_made();
}

int64_t PixelGraph::edge_count() const {
    return pairs_along(shape_.height, shape_.radius) * pairs_along(shape_.width, shape_.radius) - node_count();
}

int64_t PixelGraph::memory() const {
    return buffer_cost(node_count(), sizeof(float4));
}

std::unique_ptr<Graph> pixel_graph(const Workspace& work, const PixelGraphArguments& a) {
    return std::make_unique<PixelGraph>(work, shape_of(a), a.lab, a.options.tau);
}

void PixelGraph::solve(const Workspace& work, const PropagateArguments& a) const {
    conjugate_gradient(work, StencilSystem(*this, a.options.alpha), node_count(), a);
}

Cost pixel_graph_cost(const PixelGraphArguments& a) {
    Cost cost;
    cost.kept = buffer_cost(a.size.pixels(), sizeof(float4));
    return cost;
}

int64_t pixel_propagate_cost(const PixelGraphArguments& a, int64_t columns) {
    return conjugate_gradient_cost(a.size.pixels(), columns, true, stencil_tiles(shape_of(a)));
}

} // namespace lposs::cuda
