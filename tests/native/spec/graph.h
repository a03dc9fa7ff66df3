#pragma once
#include "spec/array.h"

namespace spec {

struct Edge {
    int64_t to;
    double weight;
};

/// A weighted graph W: the edges that leave each node.
struct Graph {
    std::vector<std::vector<Edge>> edges;

    explicit Graph(int64_t nodes) : edges(static_cast<size_t>(nodes)) {}
    int64_t node_count() const { return static_cast<int64_t>(edges.size()); }
    int64_t edge_count() const;
    std::vector<Edge>& operator[](int64_t node) { return edges[static_cast<size_t>(node)]; }
    const std::vector<Edge>& operator[](int64_t node) const { return edges[static_cast<size_t>(node)]; }
};

/// S = D^-1/2 W D^-1/2, D the row sums of W; a node without edges keeps an empty row.
Graph normalise(const Graph& w);

} // namespace spec
