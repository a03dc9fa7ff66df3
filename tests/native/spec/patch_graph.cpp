#include "spec/patch_graph.h"

#include "spec/knn.h"
#include "spec/similarity.h"

#include <algorithm>
#include <cmath>

namespace spec {

Array<double> graph_features(const Array<double>& features, const lposs_patch_graph_options& options) {
    Array<double> unit = normalise_rows(features);
    if (!options.centre) return unit;
    const int64_t n = unit.shape[0];
    for (int64_t d = 0; d < unit.shape[1]; ++d) {
        double mean = 0;
        for (int64_t i = 0; i < n; ++i) mean += unit(i, d) / static_cast<double>(n);
        for (int64_t i = 0; i < n; ++i) unit(i, d) -= mean;
    }
    return normalise_rows(unit);
}

Graph patch_graph(const Array<double>& features, const Array<double>& centres,
                  const lposs_patch_graph_options& options) {
    const int64_t n = features.shape[0];
    const Neighbours neighbours = knn(graph_features(features, options), options.k);
    Array<double> a({n, n});
    for (int64_t i = 0; i < n; ++i) {
        for (int64_t rank = 0; rank < neighbours.indices.shape[1]; ++rank) {
            const int64_t j = neighbours.indices(i, rank);
            const double distance = std::hypot(centres(i, 0) - centres(j, 0), centres(i, 1) - centres(j, 1));
            const double appearance =
                std::pow(std::max(neighbours.similarities(i, rank), 0.0), static_cast<double>(options.gamma));
            const double nearness = std::exp(-static_cast<double>(options.sigma) *
                                             std::pow(distance, static_cast<double>(options.distance_power)));
            a(i, j) = appearance * nearness;
        }
    }
    Graph w(n);
    for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < n; ++j) {
            const double weight = a(i, j) + a(j, i);
            if (i != j && weight > 0) w[i].push_back({j, weight});
        }
    return w;
}

} // namespace spec
