// The pixel graph as a stencil: no index is stored, and one weight serves both directions of an edge.
#pragma once
#include "cpu/graph/banded_layout.h"
#include "cpu/graph/host_graph.h"

namespace lposs::cpu {

/// S of an image in the banded layout. A pixel holds the weights of its forward half window: of row distance
/// 0 and column distances 1 .. column_radius, then of row distances 1 .. row_radius and column distances
/// -column_radius .. column_radius each. Weights lie in the order in which they are read: [row][row
/// distance][column][column distance] [lane]. Edges that leave the image have weight 0.
class PixelGraph final : public HostGraph {
public:
    PixelGraph(const Workspace& work, const BandedLayout& layout, int64_t edges);

    int64_t node_count() const override { return layout_.length * layout_.columns; }
    int64_t edge_count() const override { return edges_; }
    int64_t memory() const override { return weights_.count() * static_cast<int64_t>(sizeof(float)); }
    void propagate(const Workspace& work, const PropagateArguments& a) const override; ///< columns run in blocks

    const BandedLayout& layout() const { return layout_; }

    /// Column distances stored for a row distance.
    int64_t taps(int64_t row_distance) const;
    /// Floats from the weights of one row to those of the next.
    int64_t row_floats() const;
    /// [column][column distance][lane]. column_radius columns before and after may be read; what stands there is
    /// finite.
    float* weights(int64_t row, int64_t row_distance) const;

private:
    BandedLayout layout_;
    int64_t edges_;
    Buffer<float> weights_;
};

} // namespace lposs::cpu
