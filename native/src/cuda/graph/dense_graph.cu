// S as a whole matrix: W = A + A^T and its normalisation, in place.
#include "cuda/graph/dense_graph.h"

#include "cuda/graph/dense_product.h"
#include "cuda/runtime/block.cuh"
#include "cuda/runtime/device_call.h"

#include <numeric>
#include <vector>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int tile = 32; // the side of what is transposed at a time
constexpr int tile_threads = 256;

/// One block per tile (y, x) with x >= y: W = A + A^T there and in the tile across, in place; no diagonal.
__global__ void add_transpose_tiles_kernel(float* weights, int64_t n, int64_t pitch) {
    GPU_SHARED(float, here, [tile][tile + 1]);
    GPU_SHARED(float, across, [tile][tile + 1]);
    if (blockIdx.x < blockIdx.y) return; // whole blocks
    const int64_t y = int64_t{blockIdx.y} * tile, x = int64_t{blockIdx.x} * tile;
    const int column = lane_index();
    for (int row = warp_index(); row < tile; row += tile_threads / warp_lanes) {
        here[row][column] = y + row < n ? weights[(y + row) * pitch + x + column] : 0.0f;
        across[row][column] = x + row < n ? weights[(x + row) * pitch + y + column] : 0.0f;
    }
    __syncthreads();
    for (int row = warp_index(); row < tile; row += tile_threads / warp_lanes) {
        const bool diagonal = y == x && row == column;
        const float sum = diagonal ? 0.0f : here[row][column] + across[column][row];
        const float mirrored = here[column][row] + across[row][column];
        if (y + row < n) weights[(y + row) * pitch + x + column] = sum;
        if (x + row < n && x != y) weights[(x + row) * pitch + y + column] = mirrored;
    }
}

/// One block per row: one over the root of its sum, 0 where that is 0, and its entries.
__global__ void sum_dense_rows_kernel(const float* weights, int64_t n, int64_t pitch, double* scales,
                                      int32_t* entries) {
    const float* row = weights + blockIdx.x * pitch;
    double degree = 0.0;
    int count = 0;
    for (int64_t i = threadIdx.x; i < n; i += tile_threads) {
        degree += static_cast<double>(row[i]);
        count += row[i] != 0.0f;
    }
    degree = block_sum<tile_threads>(degree);
    count = block_sum<tile_threads>(count);
    if (threadIdx.x == 0) {
        scales[blockIdx.x] = degree == 0.0 ? 0.0 : 1.0 / sqrt(degree);
        entries[blockIdx.x] = count;
    }
}

/// One block per row. In double, as for a sparse graph.
__global__ void normalise_dense_kernel(const double* scales, int64_t n, int64_t pitch, float* weights) {
    float* row = weights + blockIdx.x * pitch;
    const double scale = scales[blockIdx.x];
    for (int64_t i = threadIdx.x; i < n; i += tile_threads) {
        const float weight = row[i];
        if (weight != 0.0f) row[i] = static_cast<float>(static_cast<double>(weight) * (scale * scales[i]));
    }
}

// ---------------------------------------------------------------------------- launchers

class DenseSystem final : public LinearSystem {
public:
    DenseSystem(const DenseGraph& graph, float alpha) : graph_(graph), alpha_(alpha) {}

    bool by_planes() const override { return false; }
    int64_t partial_count() const override { return dense_partials(graph_.node_count()); }

    void step(const Workspace& work, const Vectors& vectors, const Columns& columns, double* partials) const override {
        const int64_t n = graph_.node_count();
        if (vectors.step > 0) advance(work, vectors, columns, n);
        dense_product(work, graph_.weights(), n, vectors, columns, alpha_, partials);
    }

private:
    const DenseGraph& graph_;
    float alpha_;
};

} // namespace

bool is_dense(int64_t n, int64_t k) {
    // Not measured. Counted for 24 columns: a step of the whole matrix takes N^2 / 0.6e12 s, one over its entries
    // about 10 ps for each of N k to 2 N k. They are even near k = N / 7; below that, ten steps may lose what making
    // the whole matrix saves, about 0.2 ms, and do so near k = N / 12 beyond N = 4,096. Few on the host, so that small
    // tests see both.
    constexpr int64_t most = GPU_ON_HOST ? 48 : 4096;
    return n <= most && 12 * k >= n;
}

DenseGraph::DenseGraph(const Workspace& work, int64_t nodes, DeviceBuffer<float> weights)
    : DeviceGraph(work.device_stream, nodes), weights_(std::move(weights)),
      entries_(work.buffer<int32_t>(nodes, "entries of rows")) {
    const auto scales = work.buffer<double>(nodes, "scales of rows");
    const int64_t pitch = dense_pitch(nodes);
    const unsigned tiles = block_count(nodes, tile), rows = block_count(nodes, 1);
    GPU_LAUNCH(add_transpose_tiles_kernel, dim3(tiles, tiles), tile_threads, 0, work.stream, weights_.data(), nodes,
               pitch);
    GPU_LAUNCH(sum_dense_rows_kernel, rows, tile_threads, 0, work.stream, weights_.data(), nodes, pitch, scales.data(),
               entries_.data());
    GPU_LAUNCH(normalise_dense_kernel, rows, tile_threads, 0, work.stream, scales.data(), nodes, pitch,
               weights_.data());
    mark_made();
}

int64_t DenseGraph::edge_count() const {
    return on_device(device_index(), [&] {
        std::vector<int32_t> entries(static_cast<size_t>(node_count()));
        wait_until_made();
        GPU_CHECK(
            cudaMemcpy(entries.data(), entries_.data(), entries.size() * sizeof(int32_t), cudaMemcpyDeviceToHost));
        return std::accumulate(entries.begin(), entries.end(), int64_t{0});
    });
}

int64_t DenseGraph::memory() const {
    return dense_graph_cost(node_count()).kept;
}

void DenseGraph::solve(const Workspace& work, const PropagateArguments& a) const {
    conjugate_gradient(work, DenseSystem(*this, a.options.alpha), node_count(), a);
}

Cost dense_graph_cost(int64_t n) {
    Cost cost;
    cost.kept = buffer_cost(n * dense_pitch(n), sizeof(float)) + buffer_cost(n, sizeof(int32_t));
    cost.scratch = buffer_cost(n, sizeof(double));
    return cost;
}

int64_t dense_propagate_cost(int64_t n, int64_t columns) {
    return conjugate_gradient_cost(n, columns, false, dense_partials(n));
}

} // namespace lposs::cuda
