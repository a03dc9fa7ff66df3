// The pixel graph as a stencil: no index is stored, and one weight serves both directions of an edge.
#pragma once
#include "cpu/banded_layout.h"
#include "cpu/workspace.h"

namespace lposs::cpu {

/// S of a picture in the banded layout. A pixel holds the weights of its forward half window: of row distance
/// 0 and column distances 1 .. column_radius, then of row distances 1 .. row_radius and column distances
/// -column_radius .. column_radius each. Weights lie in the order in which they are read: [row][row
/// distance][column][column distance] [lane]. Edges that leave the picture have weight 0.
class PixelGraph final : public Graph {
public:
    PixelGraph(const Workspace& work, const BandedLayout& layout, int64_t edges);

    lposs_device device() const override { return LPOSS_DEVICE_CPU; }
    int64_t node_count() const override { return layout_.length * layout_.columns; }
    int64_t edge_count() const override { return edges_; }
    int64_t memory() const override { return weights_.count() * static_cast<int64_t>(sizeof(float)); }

    const BandedLayout& layout() const { return layout_; }

    /// Column distances stored for a row distance.
    int64_t taps(int64_t row_distance) const;
    /// Floats from the weights of one row to those of the next.
    int64_t row_floats() const;
    /// [column][column distance][lane]. column_radius columns before and after may be read; what stands there
    /// is finite.
    float* weights(int64_t row, int64_t row_distance) const;

private:
    BandedLayout layout_;
    int64_t edges_;
    Buffer<float> weights_;
};

/// lab [H,W,3] (L 0 to 100, a, b; divided by (100, 128, 128) here) -> S.
std::unique_ptr<Graph> pixel_graph(const Workspace& work, const float* lab, int64_t height, int64_t width,
                                   const lposs_pixel_graph_options& options);

/// y [H*W,columns] -> x [H*W,columns] over a pixel graph; x may be y. Columns run in blocks.
void propagate(const Workspace& work, const PixelGraph& graph, const float* y, int64_t columns, float* x,
               const lposs_solver_options& options, SolveResult& result);

Backend::Cost pixel_graph_cost(int64_t height, int64_t width, const lposs_pixel_graph_options& options);
int64_t pixel_propagate_cost(int64_t height, int64_t width, int32_t radius, int64_t columns);

} // namespace lposs::cpu
