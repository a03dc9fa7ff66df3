// A normalised graph in compressed rows: patch graphs and the caller's own.
#pragma once
#include "cpu/graph/host_graph.h"

namespace lposs::cpu {

/// S [N,N] in CSR, columns ascending within a row, no diagonal; every row's entries are the same bits as its column's.
class SparseGraph final : public HostGraph {
public:
    SparseGraph(int64_t nodes, Buffer<int64_t> row_offsets, Buffer<int32_t> columns, Buffer<float> weights);

    int64_t node_count() const override { return nodes_; }
    int64_t edge_count() const override { return row_offsets_[nodes_]; }
    int64_t memory() const override;
    void propagate(const Workspace& work, const PropagateArguments& a) const override;

    const int64_t* row_offsets() const { return row_offsets_.data(); } ///< [N+1]
    const int32_t* columns() const { return columns_.data(); }
    const float* weights() const { return weights_.data(); }

private:
    int64_t nodes_;
    Buffer<int64_t> row_offsets_;
    Buffer<int32_t> columns_;
    Buffer<float> weights_;
};

} // namespace lposs::cpu
