// A = I - alpha S over a sparse graph, for conjugate gradients.
#pragma once
#include "cpu/graph/sparse_graph.h"
#include "cpu/solve/conjugate_gradient.h"

namespace lposs::cpu {

/// The vectors lie in blocks of columns, each node-major: [block][N][width * lanes]. The row of a node is whole
/// vectors, and one loaded weight serves all columns of a block. A block costs nothing once all its columns have
/// stopped.
class SparseSystem final : public LinearSystem {
public:
    SparseSystem(const Workspace& work, const SparseGraph& graph, const PropagateArguments& a);

    void start(double* rr) override;
    void apply(const std::vector<int32_t>& active, const float* b, double* pq) override;
    void descend(const std::vector<int32_t>& active, const float* a, double* rr) override;
    void finish() override;

    /// Bytes of scratch memory, on any instruction set.
    static int64_t memory(int64_t n, int64_t columns);

private:
    struct Block {
        int64_t first_column;
        int width;       ///< vectors
        int64_t columns; ///< width * lanes
        int64_t offset;  ///< of this block in x_, r_, p_, q_
    };

    void split_rows();

    std::vector<Block> blocks_with(const std::vector<int32_t>& active) const;

    /// Runs body(block, first node, end node, sums [block.columns]) over all nodes in tasks of nodes_per_task, and adds
    /// up what the tasks left in `sums`, in their order, into totals[column] for the columns of the blocks.
    template <class Body>
    void run(const std::vector<Block>& blocks, int64_t nodes_per_task, double* totals, const Body& body);

    const Workspace& work_;
    const SparseGraph& graph_;
    const float alpha_;
    const float* y_;
    float* x_out_;
    const int64_t nodes_, columns_;
    std::vector<Block> blocks_;
    int64_t parts_;          ///< of the nodes, for the product
    Buffer<int64_t> splits_; ///< [N, parts + 1], see SplitRows
    Buffer<float> x_, r_, p_, q_;
    Buffer<double> partial_;           ///< [task, padded columns]
    std::vector<double> totals_;       ///< per padded column
    std::vector<float> pending_a_, b_; ///< per padded column; 0 for a column that has stopped
};

} // namespace lposs::cpu
