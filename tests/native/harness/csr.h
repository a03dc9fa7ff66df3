// Graphs of the caller's own, made up.
#pragma once

#include "harness/core.h"
#include "harness/random.h"
#include "spec/graph.h"

/// A symmetric W in compressed rows.
struct Csr {
    Array<int64_t> row_offsets; ///< [N+1]
    Array<int32_t> columns;     ///< [E]
    Array<float> weights;       ///< [E]
};

/// About `degree` edges to a node, some nodes without any; weights are spread over `decades` powers of ten. With
/// `diagonal`, some nodes have an edge to themselves, which must be ignored.
Csr random_csr(Random& random, int64_t nodes, double degree, double decades, bool diagonal);

/// The same without its diagonal.
spec::Graph spec_graph(const Csr& csr);
