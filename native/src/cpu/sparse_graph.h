// A normalised graph in compressed rows: patch graphs and the caller's own.
#pragma once
#include "cpu/workspace.h"

namespace lposs::cpu {

/// S [N,N] in CSR, columns ascending within a row, no diagonal; every row's entries are the same bits as its column's.
class SparseGraph final : public Graph {
public:
    SparseGraph(int64_t nodes, Buffer<int64_t> row_offsets, Buffer<int32_t> columns, Buffer<float> weights);

    lposs_device device() const override { return LPOSS_DEVICE_CPU; }
    int64_t node_count() const override { return nodes_; }
    int64_t edge_count() const override { return row_offsets_[nodes_]; }
    int64_t memory() const override;

    const int64_t* row_offsets() const { return row_offsets_.data(); } ///< [N+1]
    const int32_t* columns() const { return columns_.data(); }
    const float* weights() const { return weights_.data(); }

private:
    int64_t nodes_;
    Buffer<int64_t> row_offsets_;
    Buffer<int32_t> columns_;
    Buffer<float> weights_;
};

/// W with its diagonal ignored -> S = D^-1/2 W D^-1/2. Host CSR as checked by the ABI layer.
std::unique_ptr<SparseGraph> csr_graph(const Workspace& work, int64_t n, const int64_t* row_offsets,
                                       const int32_t* columns, const float* weights);

/// y [N,columns] -> x [N,columns] over a sparse graph; x may be y.
void propagate(const Workspace& work, const SparseGraph& graph, const float* y, int64_t columns, float* x,
               const lposs_solver_options& options, SolveResult& result);

int64_t sparse_propagate_cost(int64_t n, int64_t columns);

} // namespace lposs::cpu
