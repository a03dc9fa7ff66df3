// A normalised graph in compressed rows: patch graphs and the caller's own.
#pragma once
#include "cuda/graph/device_graph.h"

namespace lposs::cuda {

/// Rows of an N x N matrix, each with its own begin and end, so that rows can be made at once without knowing how long
/// the others are; columns ascend within a row.
struct SparseRows {
    DeviceBuffer<int64_t> begins, ends; ///< [N]
    DeviceBuffer<int32_t> columns;
    DeviceBuffer<float> weights;
};

/// S [N,N]; every row's entries are the same bits as its column's.
class SparseGraph final : public DeviceGraph {
public:
    /// `rows` hold W without its diagonal, `degrees` [N] its row sums; they are normalised here. edges: -1 if not
    /// known.
    SparseGraph(const Workspace& work, int64_t nodes, SparseRows rows, const double* degrees, int64_t edges);
    ~SparseGraph() override { wait_for_uses(); }

    int64_t edge_count() const override; ///< waits for the graph the first time it is asked
    int64_t memory() const override;
    const SparseRows& rows() const { return rows_; }

private:
    void solve(const Workspace& work, const PropagateArguments& a) const override;

    SparseRows rows_;
    mutable std::mutex lock_;
    mutable int64_t edges_;
};

int64_t sparse_propagate_cost(int64_t n, int64_t columns);

} // namespace lposs::cuda
