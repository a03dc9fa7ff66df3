#include "harness/csr.h"

#include <cmath>
#include <map>

Csr random_csr(Random& random, int64_t nodes, double degree, double decades, bool diagonal) {
    std::vector<std::map<int64_t, float>> rows(static_cast<size_t>(nodes));
    const auto edges = static_cast<int64_t>(degree * static_cast<double>(nodes) / 2);
    for (int64_t e = 0; e < edges; ++e) {
        const int64_t i = random.integer(0, nodes - 1), j = random.integer(0, nodes - 1);
        if (i == j ? !diagonal : i % 7 == 3 || j % 7 == 3) continue; // each seventh node stands alone
        const auto weight = static_cast<float>(std::pow(10.0, random.uniform(-decades, 0)));
        rows[static_cast<size_t>(i)][j] = weight;
        rows[static_cast<size_t>(j)][i] = weight;
    }
    Csr csr{Array<int64_t>({nodes + 1}), Array<int32_t>({0}), Array<float>({0})};
    for (int64_t i = 0; i < nodes; ++i) {
        for (const auto& [j, weight] : rows[static_cast<size_t>(i)]) {
            csr.columns.values.push_back(static_cast<int32_t>(j));
            csr.weights.values.push_back(weight);
        }
        csr.row_offsets(i + 1) = csr.columns.size();
    }
    csr.columns.shape = {csr.columns.size()};
    csr.weights.shape = {csr.weights.size()};
    return csr;
}

spec::Graph spec_graph(const Csr& csr) {
    const int64_t nodes = csr.row_offsets.size() - 1;
    spec::Graph w(nodes);
    for (int64_t i = 0; i < nodes; ++i)
        for (int64_t e = csr.row_offsets(i); e < csr.row_offsets(i + 1); ++e)
            if (csr.columns(e) != i) w[i].push_back({csr.columns(e), static_cast<double>(csr.weights(e))});
    return w;
}
