#include "spec/graph.h"

#include <cmath>

namespace spec {

int64_t Graph::edge_count() const {
    size_t count = 0;
    for (const auto& row : edges) count += row.size();
    return static_cast<int64_t>(count);
}

Graph normalise(const Graph& w) {
    std::vector<double> degree;
    for (const auto& row : w.edges) {
        double sum = 0;
        for (const Edge& edge : row) sum += edge.weight;
        degree.push_back(sum);
    }
    Graph s(w.node_count());
    for (int64_t i = 0; i < w.node_count(); ++i)
        for (const auto& [j, weight] : w[i]) {
            // An edge whose weight has underflowed to zero carries nothing, and its nodes may have no degree.
            const double scale = std::sqrt(degree[static_cast<size_t>(i)]) * std::sqrt(degree[static_cast<size_t>(j)]);
            if (weight > 0) s[i].push_back({j, weight / scale});
        }
    return s;
}

} // namespace spec
