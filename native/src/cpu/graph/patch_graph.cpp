// W = A + A^T, A_ij = max(sim_ij, 0)^gamma exp(-sigma dist_ij^p) for j among the k nearest of i; S = D^-1/2 W D^-1/2
// (paper, section 3.2).
//
// A is held as the neighbour lists, and A^T as lists as well. A row of W is added up densely, in the first cache, and
// packed; once to count and to sum, once to write S.
#include "core/operations/patch_graph.h"

#include "core/checked_size.h"
#include "cpu/graph/knn.h"
#include "cpu/graph/sparse_graph.h"
#include "cpu/graph/unit_rows.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lposs::cpu {
namespace {

constexpr int64_t vector_floats = 16; // of the widest instruction set

// Of a dense row, with a vector to spare for the packing.
int64_t row_stride(int64_t n) {
    return round_up(n, vector_floats) + vector_floats;
}

int64_t clamped_k(const PatchGraphArguments& a) {
    return std::min<int64_t>(a.options.k, a.n);
}

// unit [N,D] minus its mean over N, made unit again, in place.
void centre_rows(const Workspace& work, float* unit, int64_t n, int64_t d) {
    constexpr int64_t features_per_task = 64;
    std::vector<float> mean(static_cast<size_t>(d));
    work.threads.run(ceil_div(d, features_per_task), [&](int64_t task, int) {
        const int64_t begin = task * features_per_task, end = std::min(begin + features_per_task, d);
        double sums[features_per_task] = {};
        for (int64_t i = 0; i < n; ++i)
            for (int64_t f = begin; f < end; ++f) sums[f - begin] += static_cast<double>(unit[i * d + f]);
        for (int64_t f = begin; f < end; ++f)
            mean[static_cast<size_t>(f)] = static_cast<float>(sums[f - begin] / static_cast<double>(n));
    });
    constexpr int64_t rows_per_task = 64;
    work.threads.run(ceil_div(n, rows_per_task), [&](int64_t task, int) {
        const int64_t end = std::min((task + 1) * rows_per_task, n);
        for (int64_t i = task * rows_per_task; i < end; ++i)
            work.kernels.unit_rows.subtract(unit + i * d, mean.data(), d, unit + i * d);
    });
    normalise_rows(work, unit, n, d, unit);
}

NeighbourLists find_neighbours(const Workspace& work, const PatchGraphArguments& a) {
    Buffer<float> unit = work.buffer<float>(checked_multiply(a.n, a.d, "features"));
    normalise_rows(work, a.features, a.n, a.d, unit.data());
    if (a.options.centre) centre_rows(work, unit.data(), a.n, a.d);
    const PackedRows packed(work, unit.data(), a.n, a.d);
    unit.reset();
    return nearest_neighbours(work, packed, clamped_k(a));
}

// Similarities in the lists become the weights A_ij.
void weigh(const Workspace& work, const NeighbourLists& lists, const float* centres,
           const lposs_patch_graph_options& options) {
    const Buffer<float> planar = work.buffer<float>(2 * lists.n);
    float* y = planar.data();
    float* x = y + lists.n;
    for (int64_t i = 0; i < lists.n; ++i) {
        y[i] = centres[2 * i];
        x[i] = centres[2 * i + 1];
    }
    constexpr int64_t rows_per_task = 32;
    work.threads.run(ceil_div(lists.n, rows_per_task), [&](int64_t task, int) {
        const int64_t end = std::min((task + 1) * rows_per_task, lists.n);
        for (int64_t i = task * rows_per_task; i < end; ++i)
            work.kernels.patch_graph.weigh(lists.similarities.data() + i * lists.stride,
                                           lists.indices.data() + i * lists.stride, lists.k, y, x, y[i], x[i],
                                           options.gamma, options.sigma, options.distance_power);
    });
}

// A^T: for each i the rows j, ascending, whose lists hold i, with A_ji.
struct ReverseLists {
    Buffer<int64_t> offsets; // [N+1]
    struct Entry {
        int32_t row;
        float weight;
    };
    Buffer<Entry> entries;
};

// Stable counting sort of all entries by their column. Chunks of lists are counted and moved side by side.
constexpr int64_t chunks = 16;

ReverseLists reverse(const Workspace& work, const NeighbourLists& lists) {
    const int64_t n = lists.n;
    const int64_t edges = checked_multiply(n, lists.k, "edges");
    ReverseLists reversed{work.buffer<int64_t>(n + 1), work.buffer<ReverseLists::Entry>(edges)};
    const Buffer<int64_t> cursors = work.buffer<int64_t>(chunks * n); // [chunk, N]: counts, then where to write
    work.threads.run(chunks, [&](int64_t chunk, int) {
        int64_t* count = cursors.data() + chunk * n;
        std::fill_n(count, n, 0);
        for (int64_t j = n * chunk / chunks; j < n * (chunk + 1) / chunks; ++j)
            for (int64_t e = 0; e < lists.k; ++e) ++count[lists.indices[j * lists.stride + e]];
    });
    int64_t position = 0;
    for (int64_t i = 0; i < n; ++i) {
        reversed.offsets[i] = position;
        for (int64_t chunk = 0; chunk < chunks; ++chunk) position += std::exchange(cursors[chunk * n + i], position);
    }
    reversed.offsets[n] = position;
    work.threads.run(chunks, [&](int64_t chunk, int) {
        int64_t* cursor = cursors.data() + chunk * n;
        for (int64_t j = n * chunk / chunks; j < n * (chunk + 1) / chunks; ++j)
            for (int64_t e = 0; e < lists.k; ++e) {
                reversed.entries[cursor[lists.indices[j * lists.stride + e]]++] = {
                    static_cast<int32_t>(j), lists.similarities[j * lists.stride + e]};
            }
    });
    return reversed;
}

// Row i of W = A + A^T without its diagonal, written into a row of zeros.
void fill_row(const NeighbourLists& lists, const ReverseLists& reversed, int64_t i, float* row) {
    const int32_t* others = lists.indices.data() + i * lists.stride;
    const float* weights = lists.similarities.data() + i * lists.stride;
    for (int64_t e = 0; e < lists.k; ++e) row[others[e]] = weights[e];
    for (int64_t e = reversed.offsets[i]; e < reversed.offsets[i + 1]; ++e) {
        const auto [other, weight] = reversed.entries[e];
        row[other] += weight;
    }
    row[i] = 0.0F;
}

} // namespace

std::unique_ptr<Graph> patch_graph(const Workspace& work, const PatchGraphArguments& a) {
    const int64_t n = a.n;
    const NeighbourLists lists = find_neighbours(work, a);
    weigh(work, lists, a.centres, a.options);

    const ReverseLists reversed = reverse(work, lists);

    const PatchGraphKernels& kernels = work.kernels.patch_graph;
    const int64_t threads = work.threads.thread_count();
    const int64_t stride = row_stride(n);
    const Buffer<float> dense_rows = work.buffer<float>(checked_multiply(threads, stride, "rows"));
    std::fill_n(dense_rows.data(), dense_rows.count(), 0.0F); // as measure() and compress() leave them

    Buffer<int64_t> row_offsets = work.buffer<int64_t>(n + 1);
    const Buffer<float> scales = work.buffer<float>(stride);
    std::fill(scales.data() + n, scales.data() + stride, 0.0F);
    constexpr int64_t rows_per_task = 32;
    const int64_t tasks = ceil_div(n, rows_per_task);
    work.threads.run(tasks, [&](int64_t task, int thread) {
        float* row = dense_rows.data() + thread * stride;
        for (int64_t i = task * rows_per_task; i < std::min((task + 1) * rows_per_task, n); ++i) {
            fill_row(lists, reversed, i, row);
            double degree = 0.0;
            kernels.measure(row, n, &row_offsets[i + 1], &degree);
            scales[i] = degree > 0.0 ? static_cast<float>(1.0 / std::sqrt(degree)) : 0.0F;
        }
    });
    row_offsets[0] = 0;
    for (int64_t i = 0; i < n; ++i) row_offsets[i + 1] += row_offsets[i];

    Buffer<int32_t> columns = work.buffer<int32_t>(row_offsets[n]);
    Buffer<float> weights = work.buffer<float>(row_offsets[n]);
    const Buffer<int32_t> packed_columns = work.buffer<int32_t>(threads * stride);
    const Buffer<float> packed_weights = work.buffer<float>(threads * stride);
    work.threads.run(tasks, [&](int64_t task, int thread) {
        float* row = dense_rows.data() + thread * stride;
        int32_t* row_columns = packed_columns.data() + thread * stride;
        float* row_weights = packed_weights.data() + thread * stride;
        for (int64_t i = task * rows_per_task; i < std::min((task + 1) * rows_per_task, n); ++i) {
            fill_row(lists, reversed, i, row);
            const int64_t count = kernels.compress(row, n, scales[i], scales.data(), row_columns, row_weights);
            std::copy_n(row_columns, count, columns.data() + row_offsets[i]);
            std::copy_n(row_weights, count, weights.data() + row_offsets[i]);
        }
    });
    return std::make_unique<SparseGraph>(n, std::move(row_offsets), std::move(columns), std::move(weights));
}

Cost patch_graph_cost(const Workspace& work, const PatchGraphArguments& a) {
    const int64_t n = a.n, k = clamped_k(a);
    const int64_t threads = work.threads.thread_count();
    const int64_t stride = row_stride(n);
    // At most two directions of k edges each, at most all pairs.
    const int64_t edges = checked_multiply(n, std::min(2 * k, n), "edges");
    const int64_t kept = checked_multiply(edges, 8, "edges") + (n + 1) * 8;

    const Cost neighbours = nearest_neighbours_cost(n, k);
    const int64_t packed = PackedRows::memory(n, a.d);
    const int64_t searching = packed + std::max(packed, neighbours.kept + neighbours.scratch);
    const int64_t reversed = checked_multiply(checked_multiply(n, k, "edges"), 8, "edges") + (n + 1) * 8;
    const int64_t rows = checked_multiply(threads * 3 + 1, stride * 4, "rows");
    const int64_t assembling = neighbours.kept + reversed + std::max(chunks * n * 8, rows);
    // Buffers are rounded up, and the pool may hand out a block that is a little larger.
    const int64_t scratch = std::max(searching, assembling);
    return {kept + kept / 64 + 1024, scratch + scratch / 64 + 8192};
}

} // namespace lposs::cpu
