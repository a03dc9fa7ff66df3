// A small graph whose rows are long: S as a whole matrix.
//
// A row of a patch graph has k to 2 k of N entries. At k = 400 and N = 2,940 that is a fifth of them: an index beside
// each weight and a gather of its neighbour's vector then cost more than the zeros do, and W = A + A^T needs no
// sorting.
#pragma once
#include "cuda/graph/device_graph.h"

namespace lposs::cuda {

/// Is S of a graph with k neighbours for each of n nodes kept as a whole?
bool is_dense(int64_t n, int64_t k);

/// S [N,dense_pitch(N)], symmetric to the bit, zeros behind each row.
class DenseGraph final : public DeviceGraph {
public:
    /// weights [N,pitch]: A, zero where it has no entry and behind each row. W = A + A^T without its diagonal is made
    /// and normalised here.
    DenseGraph(const Workspace& work, int64_t nodes, DeviceBuffer<float> weights);
    ~DenseGraph() override { wait_for_uses(); }

    int64_t edge_count() const override; ///< waits for the graph
    int64_t memory() const override;
    const float* weights() const { return weights_.data(); }

private:
    void solve(const Workspace& work, const PropagateArguments& a) const override;

    DeviceBuffer<float> weights_;
    DeviceBuffer<int32_t> entries_; ///< [N] of each row
};

/// What a DenseGraph keeps and takes to be made.
Cost dense_graph_cost(int64_t n);

int64_t dense_propagate_cost(int64_t n, int64_t columns);

} // namespace lposs::cuda
