// Exact nearest neighbours by inner product. The similarities of all pairs are never stored for large N: they are made
// strip by strip, each pair once, and every row keeps its k best.
#pragma once
#include "cpu/graph/matrix_product.h"

namespace lposs::cpu {

/// The k largest inner products of each row with all rows, itself included, ties to the lower index; ascending by
/// index. Rows are `stride` elements apart, a multiple of 16. sim_ij and sim_ji are the same bits.
struct NeighbourLists {
    int64_t n, k, stride;
    Buffer<float> similarities;
    Buffer<int32_t> indices;
};

/// 1 <= k <= N.
NeighbourLists nearest_neighbours(const Workspace& work, const PackedRows& rows, int64_t k);

/// Bytes that the lists keep, and that making them takes beside them and the packed rows.
Cost nearest_neighbours_cost(int64_t n, int64_t k);

} // namespace lposs::cpu
