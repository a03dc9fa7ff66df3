#include "spec/knn.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace spec {
namespace {

std::vector<double> products(const Array<double>& features, int64_t i) {
    std::vector<double> row(static_cast<size_t>(features.shape[0]));
    for (int64_t j = 0; j < features.shape[0]; ++j)
        for (int64_t d = 0; d < features.shape[1]; ++d) row[static_cast<size_t>(j)] += features(i, d) * features(j, d);
    return row;
}

std::vector<int32_t> best_first(const std::vector<double>& row) {
    std::vector<int32_t> order(row.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int32_t a, int32_t b) { return row[static_cast<size_t>(a)] > row[static_cast<size_t>(b)]; });
    return order;
}

} // namespace

Neighbours knn(const Array<double>& features, int64_t k) {
    const int64_t n = features.shape[0];
    k = std::min(k, n);
    Neighbours result{Array<double>({n, k}), Array<int32_t>({n, k})};
    for (int64_t i = 0; i < n; ++i) {
        const std::vector<double> row = products(features, i);
        const std::vector<int32_t> order = best_first(row);
        for (int64_t rank = 0; rank < k; ++rank) {
            result.indices(i, rank) = order[static_cast<size_t>(rank)];
            result.similarities(i, rank) = row[static_cast<size_t>(order[static_cast<size_t>(rank)])];
        }
    }
    return result;
}

double smallest_gap(const Array<double>& features, int64_t k) {
    const int64_t n = features.shape[0];
    double smallest = std::numeric_limits<double>::infinity();
    if (k >= n) return smallest;
    for (int64_t i = 0; i < n; ++i) {
        std::vector<double> row = products(features, i);
        std::sort(row.begin(), row.end(), std::greater<>());
        const double gap = row[static_cast<size_t>(k) - 1] - row[static_cast<size_t>(k)];
        if (gap > 0) smallest = std::min(smallest, gap);
    }
    return smallest;
}

} // namespace spec
