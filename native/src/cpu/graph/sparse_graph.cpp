#include "cpu/graph/sparse_graph.h"

#include "core/checked_size.h"
#include "core/operations/csr_graph.h"

#include <algorithm>
#include <cmath>

namespace lposs::cpu {

SparseGraph::SparseGraph(int64_t nodes, Buffer<int64_t> row_offsets, Buffer<int32_t> columns, Buffer<float> weights)
    : nodes_(nodes), row_offsets_(std::move(row_offsets)), columns_(std::move(columns)), weights_(std::move(weights)) {}

int64_t SparseGraph::memory() const {
    return row_offsets_.count() * static_cast<int64_t>(sizeof(int64_t)) +
           columns_.count() * static_cast<int64_t>(sizeof(int32_t)) +
           weights_.count() * static_cast<int64_t>(sizeof(float));
}

std::unique_ptr<Graph> csr_graph(const Workspace& work, const CsrGraphArguments& a) {
    const int64_t n = a.n;
    const int64_t* const row_offsets = a.host_row_offsets;
    const int32_t* const columns = a.host_columns;
    const float* const weights = a.host_weights;
    constexpr int64_t rows_per_task = 256;
    const int64_t tasks = ceil_div(n, rows_per_task);
    const auto for_each_row = [&](const auto& body) {
        work.threads.run(tasks, [&](int64_t task, int) {
            const int64_t end = std::min((task + 1) * rows_per_task, n);
            for (int64_t i = task * rows_per_task; i < end; ++i) body(i);
        });
    };

    Buffer<int64_t> kept_offsets = work.buffer<int64_t>(n + 1);
    const Buffer<double> scales = work.buffer<double>(n); // double: degrees may be as small or large as float allows
    for_each_row([&](int64_t i) {
        double degree = 0.0;
        int64_t kept = 0;
        for (int64_t e = row_offsets[i]; e < row_offsets[i + 1]; ++e) {
            if (columns[e] == i) continue;
            degree += static_cast<double>(weights[e]);
            ++kept;
        }
        kept_offsets[i + 1] = kept;
        scales[i] = degree > 0.0 ? 1.0 / std::sqrt(degree) : 0.0;
    });
    kept_offsets[0] = 0;
    for (int64_t i = 0; i < n; ++i) kept_offsets[i + 1] += kept_offsets[i];

    Buffer<int32_t> kept_columns = work.buffer<int32_t>(kept_offsets[n]);
    Buffer<float> kept_weights = work.buffer<float>(kept_offsets[n]);
    for_each_row([&](int64_t i) {
        int64_t out = kept_offsets[i];
        for (int64_t e = row_offsets[i]; e < row_offsets[i + 1]; ++e) {
            const int32_t j = columns[e];
            if (j == i) continue;
            kept_columns[out] = j;
            kept_weights[out] = static_cast<float>(static_cast<double>(weights[e]) * (scales[i] * scales[j]));
            ++out;
        }
    });
    return std::make_unique<SparseGraph>(n, std::move(kept_offsets), std::move(kept_columns), std::move(kept_weights));
}

} // namespace lposs::cpu
