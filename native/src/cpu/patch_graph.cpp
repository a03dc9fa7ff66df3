// W = A + A^T, A_ij = max(sim_ij, 0)^gamma exp(-sigma dist_ij^p) for j among the k nearest of i; S = D^-1/2 W
// D^-1/2 (paper, section 3.2).
//
// A is held as the neighbour lists. A^T is never made: a block of rows of W is written densely, each row
// taking its own list and what other lists say of it, and then packed; once to count and to sum, once to
// write S.
#include "cpu/patch_graph.h"

#include "checked_size.h"
#include "cpu/knn.h"
#include "cpu/similarity.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace lposs::cpu {
namespace {

constexpr int64_t vector_floats = 16; // of the widest instruction set

int64_t clamped_k(int64_t n, const lposs_patch_graph_options& options) {
    return std::min<int64_t>(options.k, n);
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

NeighbourLists find_neighbours(const Workspace& work, const float* features, int64_t n, int64_t d,
                               bool centre, int64_t k) {
    Buffer<float> unit = work.buffer<float>(checked_multiply(n, d, "features"));
    normalise_rows(work, features, n, d, unit.data());
    if (centre) centre_rows(work, unit.data(), n, d);
    const PackedRows packed(work, unit.data(), n, d);
    unit.reset();
    return nearest_neighbours(work, packed, k);
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

// Rows of W that are dense at once. A block looks into every list once, so blocks are not small; it should
// stay in a core's own cache, so they are not large.
int64_t dense_rows(int64_t n) {
    return std::clamp<int64_t>((int64_t{1} << 18) / std::max<int64_t>(n, 1), 64, 256);
}

// Rows [first, end) of W, `stride` floats apart; what lies beyond column N is 0.
void fill_dense(const NeighbourLists& lists, int64_t first, int64_t end, float* dense, int64_t stride) {
    std::memset(dense, 0, static_cast<size_t>((end - first) * stride) * sizeof(float));
    for (int64_t i = first; i < end; ++i) {
        const int32_t* others = lists.indices.data() + i * lists.stride;
        const float* weights = lists.similarities.data() + i * lists.stride;
        float* row = dense + (i - first) * stride;
        for (int64_t e = 0; e < lists.k; ++e) row[others[e]] = weights[e];
    }
    for (int64_t j = 0; j < lists.n; ++j) {
        const int32_t* others = lists.indices.data() + j * lists.stride;
        const float* weights = lists.similarities.data() + j * lists.stride;
        const int32_t* other = std::lower_bound(others, others + lists.k, static_cast<int32_t>(first));
        for (; other != others + lists.k && *other < end; ++other)
            dense[(*other - first) * stride + j] += weights[other - others];
    }
    for (int64_t i = first; i < end; ++i) dense[(i - first) * stride + i] = 0.0F;
}

} // namespace

std::unique_ptr<SparseGraph> patch_graph(const Workspace& work, const float* features, int64_t n, int64_t d,
                                         const float* centres, const lposs_patch_graph_options& options) {
    const NeighbourLists lists =
        find_neighbours(work, features, n, d, options.centre != 0, clamped_k(n, options));
    weigh(work, lists, centres, options);

    const PatchGraphKernels& kernels = work.kernels.patch_graph;
    const int64_t block = dense_rows(n);
    const int64_t stride = round_up(n, vector_floats);
    const int64_t block_floats = checked_multiply(block, stride, "a block of the patch graph");
    const Buffer<float> dense = work.buffer<float>(
        checked_multiply(work.threads.thread_count(), block_floats, "blocks of the patch graph"));

    Buffer<int64_t> row_offsets = work.buffer<int64_t>(n + 1);
    const Buffer<float> scales = work.buffer<float>(stride);
    std::fill(scales.data() + n, scales.data() + stride, 0.0F);
    work.threads.run(ceil_div(n, block), [&](int64_t task, int thread) {
        const int64_t first = task * block, end = std::min(first + block, n);
        float* rows = dense.data() + thread * block_floats;
        fill_dense(lists, first, end, rows, stride);
        for (int64_t i = first; i < end; ++i) {
            double degree = 0.0;
            kernels.measure(rows + (i - first) * stride, n, &row_offsets[i + 1], &degree);
            scales[i] = degree > 0.0 ? static_cast<float>(1.0 / std::sqrt(degree)) : 0.0F;
        }
    });
    row_offsets[0] = 0;
    for (int64_t i = 0; i < n; ++i) row_offsets[i + 1] += row_offsets[i];

    Buffer<int32_t> columns = work.buffer<int32_t>(row_offsets[n]);
    Buffer<float> weights = work.buffer<float>(row_offsets[n]);
    const int64_t row_capacity = stride + vector_floats;
    const Buffer<int32_t> row_columns = work.buffer<int32_t>(work.threads.thread_count() * row_capacity);
    const Buffer<float> row_weights = work.buffer<float>(work.threads.thread_count() * row_capacity);
    work.threads.run(ceil_div(n, block), [&](int64_t task, int thread) {
        const int64_t first = task * block, end = std::min(first + block, n);
        float* rows = dense.data() + thread * block_floats;
        int32_t* packed_columns = row_columns.data() + thread * row_capacity;
        float* packed_weights = row_weights.data() + thread * row_capacity;
        fill_dense(lists, first, end, rows, stride);
        for (int64_t i = first; i < end; ++i) {
            const int64_t count = kernels.compress(rows + (i - first) * stride, n, scales[i], scales.data(),
                                                   packed_columns, packed_weights);
            std::copy_n(packed_columns, count, columns.data() + row_offsets[i]);
            std::copy_n(packed_weights, count, weights.data() + row_offsets[i]);
        }
    });
    return std::make_unique<SparseGraph>(n, std::move(row_offsets), std::move(columns), std::move(weights));
}

Backend::Cost patch_graph_cost(const Workspace& work, int64_t n, int64_t d,
                               const lposs_patch_graph_options& options) {
    const int64_t k = clamped_k(n, options);
    const int64_t threads = work.threads.thread_count();
    const int64_t stride = round_up(n, vector_floats);
    // At most two directions of k edges each, at most all pairs.
    const int64_t edges = checked_multiply(n, std::min(2 * k, n), "edges");
    const int64_t kept = checked_multiply(edges, 8, "edges") + (n + 1) * 8;

    const Backend::Cost neighbours = nearest_neighbours_cost(n, k);
    const int64_t packed = PackedRows::memory(n, d);
    const int64_t searching = packed + std::max(packed, neighbours.kept + neighbours.scratch);
    const int64_t dense = checked_multiply(
        threads, checked_multiply(dense_rows(n) + 2, stride + vector_floats, 4, "a block of the patch graph"),
        "blocks of the patch graph");
    const int64_t assembling = neighbours.kept + dense + kept + 3 * stride * 4;
    // Buffers are rounded up, and the pool may hand out a block that is a little larger.
    const int64_t scratch = std::max(searching, assembling - kept);
    return {kept + kept / 64 + 1024, scratch + scratch / 64 + 4096};
}

} // namespace lposs::cpu
