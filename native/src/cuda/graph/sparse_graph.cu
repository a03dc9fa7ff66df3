// S = D^-1/2 W D^-1/2 in compressed rows, and its product with many columns: a block takes one row after the other, its
// lanes lie along the planes, and groups of lanes share the row's entries, so that neighbouring lanes read neighbouring
// float4s of p [N,planes].
#include "cuda/graph/sparse_graph.h"

#include "core/operations/csr_graph.h"

#include "cuda/runtime/device_call.h"
#include "cuda/solve/conjugate_gradient.cuh"

#include <algorithm>
#include <numeric>
#include <vector>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;
constexpr int warps = threads / warp_lanes;
constexpr int most_planes = 8; // of a block, in sparse_product_kernel

/// One warp per row: takes the diagonal out of W and sums the rest.
__global__ void sum_rows_kernel(const int64_t* begins, const int64_t* ends, const int32_t* columns, float* weights,
                                int64_t n, double* degrees) {
    const int64_t row = int64_t{blockIdx.x} * warps + warp_index();
    if (row < n) {
        double sum = 0.0;
        for (int64_t e = begins[row] + lane_index(); e < ends[row]; e += warp_lanes) {
            if (columns[e] == row) weights[e] = 0.0f;
            sum += static_cast<double>(weights[e]);
        }
        sum = warp_sum(sum);
        if (lane_index() == 0) degrees[row] = sum;
    }
}

/// One warp per row. In double: the product of two small degrees' roots may be no float. An edge whose degrees
/// underflowed has no weight either.
__global__ void normalise_kernel(const int64_t* begins, const int64_t* ends, const int32_t* columns,
                                 const double* degrees, int64_t n, float* weights) {
    const int64_t row = int64_t{blockIdx.x} * warps + warp_index();
    if (row < n) {
        for (int64_t e = begins[row] + lane_index(); e < ends[row]; e += warp_lanes) {
            const double scale = sqrt(degrees[row]) * sqrt(degrees[columns[e]]);
            weights[e] = scale == 0.0 ? 0.0f : static_cast<float>(static_cast<double>(weights[e]) / scale);
        }
    }
}

/// q = p - alpha S p and the partial sums. blockIdx.y takes 8 planes; `lanes`, a power of two, is how many lanes lie
/// along them.
__global__ void sparse_product_kernel(const int64_t* begins, const int64_t* ends, const int32_t* neighbours,
                                      const float* weights, int64_t n, Vectors vectors, Columns columns, int lanes,
                                      float alpha, double* partials) {
    GPU_SHARED(float4, warp_sums, [2][warps][most_planes]);
    const int thread = static_cast<int>(threadIdx.x);
    const int plane = static_cast<int>(blockIdx.y) * most_planes + thread % lanes;
    const bool wanted = plane < columns.planes && is_live(columns, plane);
    if (!__syncthreads_or(wanted)) return;
    const float4* const p = vectors.p + plane;
    Dots dots = {};
    for (int64_t row = blockIdx.x, turn = 0; row < n; row += gridDim.x, turn ^= 1) {
        float4 sum = {0.0f, 0.0f, 0.0f, 0.0f};
        if (wanted)
            for (int64_t e = begins[row] + thread / lanes; e < ends[row]; e += threads / lanes) {
                const float weight = weights[e];
                sum = multiply_add({weight, weight, weight, weight}, p[neighbours[e] * int64_t{columns.planes}], sum);
            }
        for (int offset = warp_lanes / 2; offset >= lanes; offset /= 2) {
            sum.x += __shfl_xor_sync(full_warp, sum.x, offset);
            sum.y += __shfl_xor_sync(full_warp, sum.y, offset);
            sum.z += __shfl_xor_sync(full_warp, sum.z, offset);
            sum.w += __shfl_xor_sync(full_warp, sum.w, offset);
        }
        if (lane_index() < lanes) warp_sums[turn][warp_index()][lane_index()] = sum;
        __syncthreads();
        if (thread < lanes && wanted) {
            const float4 minus = {-alpha, -alpha, -alpha, -alpha};
            const int64_t at = row * columns.planes;
            sum = {0.0f, 0.0f, 0.0f, 0.0f};
            for (int warp = 0; warp < warps; ++warp) {
                const float4 part = warp_sums[turn][warp][thread];
                sum = {sum.x + part.x, sum.y + part.y, sum.z + part.z, sum.w + part.w};
            }
            const float4 q = multiply_add(minus, sum, p[at]);
            vectors.q[at + plane] = q;
            add_products(dots, vectors.r[at + plane], p[at], q);
        }
    }
    if (thread < lanes && wanted) store_products(dots, plane, columns.count, gridDim.x, blockIdx.x, partials);
}

// ---------------------------------------------------------------------------- launchers

constexpr int64_t most_blocks = 2048; // more than any GPU runs at one time; each takes every most_blocks-th row

class SparseSystem final : public LinearSystem {
public:
    SparseSystem(const SparseGraph& graph, float alpha) : graph_(graph), alpha_(alpha) {}

    bool by_planes() const override { return false; }
    int64_t partial_count() const override { return std::min(graph_.node_count(), most_blocks); }

    void step(const Workspace& work, const Vectors& vectors, const Columns& columns, double* partials) const override {
        if (vectors.step > 0) advance(work, vectors, columns, graph_.node_count());
        int lanes = 1;
        while (lanes < most_planes && lanes < columns.planes) lanes *= 2;
        const dim3 grid(block_count(partial_count(), 1), block_count(columns.planes, most_planes));
        const SparseRows& rows = graph_.rows();
        GPU_LAUNCH(sparse_product_kernel, grid, threads, 0, work.stream, rows.begins.data(), rows.ends.data(),
                   rows.columns.data(), rows.weights.data(), graph_.node_count(), vectors, columns, lanes, alpha_,
                   partials);
    }

private:
    const SparseGraph& graph_;
    float alpha_;
};

} // namespace

SparseGraph::SparseGraph(const Workspace& work, int64_t nodes, SparseRows rows, const double* degrees, int64_t edges)
    : DeviceGraph(work.device_stream, nodes), rows_(std::move(rows)), edges_(edges) {
    GPU_LAUNCH(normalise_kernel, block_count(nodes, warps), threads, 0, work.stream, rows_.begins.data(),
               rows_.ends.data(), rows_.columns.data(), degrees, nodes, rows_.weights.data());
    mark_made();
}

int64_t SparseGraph::edge_count() const {
    const std::lock_guard<std::mutex> hold(lock_);
    if (edges_ >= 0) return edges_;
    edges_ = on_device(device_index(), [&] {
        const auto n = static_cast<size_t>(node_count());
        std::vector<int64_t> begins(n), ends(n);
        wait_until_made();
        GPU_CHECK(cudaMemcpy(begins.data(), rows_.begins.data(), n * sizeof(int64_t), cudaMemcpyDeviceToHost));
        GPU_CHECK(cudaMemcpy(ends.data(), rows_.ends.data(), n * sizeof(int64_t), cudaMemcpyDeviceToHost));
        return std::accumulate(ends.begin(), ends.end(), int64_t{0}) -
               std::accumulate(begins.begin(), begins.end(), int64_t{0});
    });
    return edges_;
}

int64_t SparseGraph::memory() const {
    return buffer_cost(rows_.begins.count(), sizeof(int64_t)) + buffer_cost(rows_.ends.count(), sizeof(int64_t)) +
           buffer_cost(rows_.columns.count(), sizeof(int32_t)) + buffer_cost(rows_.weights.count(), sizeof(float));
}

std::unique_ptr<Graph> csr_graph(const Workspace& work, const CsrGraphArguments& a) {
    const int64_t n = a.n;
    const int64_t* const row_offsets = a.host_row_offsets;
    const int32_t* const columns = a.host_columns;
    const int64_t entries = row_offsets[n];
    int64_t diagonal = 0;
    for (int64_t row = 0; row < n; ++row)
        diagonal +=
            std::binary_search(columns + row_offsets[row], columns + row_offsets[row + 1], static_cast<int32_t>(row));
    SparseRows rows{work.buffer<int64_t>(n, "row begins"), work.buffer<int64_t>(n, "row ends"),
                    work.buffer<int32_t>(entries, "columns"), work.buffer<float>(entries, "weights")};
    const auto copy = [&](void* target, const void* source, int64_t count, size_t element) {
        GPU_CHECK(
            cudaMemcpyAsync(target, source, static_cast<size_t>(count) * element, cudaMemcpyHostToDevice, work.stream));
    };
    copy(rows.begins.data(), row_offsets, n, sizeof(int64_t));
    copy(rows.ends.data(), row_offsets + 1, n, sizeof(int64_t));
    copy(rows.columns.data(), columns, entries, sizeof(int32_t));
    copy(rows.weights.data(), a.host_weights, entries, sizeof(float));
    GPU_CHECK(cudaStreamSynchronize(work.stream)); // the caller's arrays are read

    const auto degrees = work.buffer<double>(n, "degrees");
    GPU_LAUNCH(sum_rows_kernel, block_count(n, warps), threads, 0, work.stream, rows.begins.data(), rows.ends.data(),
               rows.columns.data(), rows.weights.data(), n, degrees.data());
    return std::make_unique<SparseGraph>(work, n, std::move(rows), degrees.data(), entries - diagonal);
}

void SparseGraph::solve(const Workspace& work, const PropagateArguments& a) const {
    conjugate_gradient(work, SparseSystem(*this, a.options.alpha), node_count(), a);
}

int64_t sparse_propagate_cost(int64_t n, int64_t columns) {
    return conjugate_gradient_cost(n, columns, false, std::min(n, most_blocks));
}

} // namespace lposs::cuda
