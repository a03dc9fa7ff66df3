// W = A + A^T for a matrix with the same number of entries in each row.
#pragma once
#include "cuda/graph/sparse_graph.h"

namespace lposs::cuda {

/// A [N,N] with k entries per row: columns [N,k], ascending within a row, and weights [N,k].
struct FixedRows {
    DeviceBuffer<int32_t> columns;
    DeviceBuffer<float> weights;
};

/// W = A + A^T without diagonal and zeros, columns ascending, W_ij and W_ji the same bits; degrees [N]: its row sums.
SparseRows add_transpose(const Workspace& work, const FixedRows& a, int64_t n, int64_t k, double* degrees);

/// What add_transpose() returns, and its scratch beside that and A.
Cost add_transpose_cost(int64_t n, int64_t k);

} // namespace lposs::cuda
