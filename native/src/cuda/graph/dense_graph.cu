// S as a whole matrix, and its product with up to six planes: a block takes 32 rows. Since S is symmetric, what it
// reads of row k are the weights of its own 32 rows for node k: 128 bytes in a row. Weights and p come to shared memory
// in stages, two of which are under way while one is used. A lane keeps two rows and half of the planes, and each warp
// takes every warps-th k; their sums meet in shared memory, in a fixed order.
//
// What decides, counted for 24 columns and one warp and k: 4 loads and 24 multiply-adds among about 36 instructions (9
// turns of the schedulers), against 128 + 96 bytes from the second cache (4 turns at 64 bytes): arithmetic.
#include "cuda/graph/dense_graph.h"

#include "cuda/runtime/async_copy.cuh"
#include "cuda/runtime/device_call.h"
#include "cuda/solve/conjugate_gradient.cuh"

#include <numeric>
#include <vector>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int tile = 32; // rows of a block, and the side of what is transposed at a time
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

constexpr int product_warps = GPU_ON_HOST ? 4 : 16;
constexpr int product_threads = product_warps * warp_lanes;
constexpr int lane_rows = 2;
constexpr int lane_planes = 3;
constexpr int row_lanes = tile / lane_rows;
constexpr int block_planes = lane_planes * warp_lanes / row_lanes;
constexpr int stages = 3;
constexpr int warp_nodes = 4; // of a stage
constexpr int stage_nodes = warp_nodes * product_warps;
constexpr int row_quads = tile / 4; // a stage's weights of one node

/// Starts to copy the weights of a block's rows for nodes [first, + stage_nodes), and p of these; zeros beyond. A thread
/// takes one float4 of the weights and at most one of p.
__device__ __forceinline__ void copy_stage(const float* own, int64_t n, int64_t pitch, const float4* p, int planes,
                                           int all_planes, int64_t first, float4 (*weights)[row_quads],
                                           float4 (*directions)[block_planes]) {
    const int thread = static_cast<int>(threadIdx.x);
    const int64_t node = first + thread / row_quads;
    copy_async(&weights[thread / row_quads][thread % row_quads],
               reinterpret_cast<const float4*>(own + node * pitch) + thread % row_quads, node < n);
    if (thread < stage_nodes * block_planes) {
        const int64_t source = first + thread / block_planes;
        const int plane = thread % block_planes;
        copy_async(&directions[thread / block_planes][plane], p + source * all_planes + plane,
                   source < n && plane < planes);
    }
    end_copy_group();
}

/// q = p - alpha S p on 32 rows and planes [block_planes blockIdx.y, + block_planes), and their dot products.
__global__ void __launch_bounds__(product_threads, 1)
    dense_product_kernel(const float* weights, int64_t n, int64_t pitch, Vectors vectors, Columns columns, float alpha,
                         double* partials) {
    GPU_SHARED(float4, weight_stages, [stages][stage_nodes][row_quads]);
    GPU_SHARED(float4, p_stages, [stages][stage_nodes][block_planes]);
    const int first_plane = static_cast<int>(blockIdx.y) * block_planes;
    const int planes = min(columns.planes - first_plane, block_planes);
    bool live = false;
    for (int plane = 0; plane < planes; ++plane) live = live || is_live(columns, first_plane + plane);
    if (!live) return; // whole blocks

    const int64_t first_row = int64_t{blockIdx.x} * tile;
    const int row = lane_index() % row_lanes * lane_rows;
    const int plane = lane_index() / row_lanes * lane_planes; // of first_plane
    const float* const own = weights + first_row;
    const auto copy = [&](int64_t stage) {
        copy_stage(own, n, pitch, vectors.p + first_plane, planes, columns.planes, stage * stage_nodes,
                   weight_stages[stage % stages], p_stages[stage % stages]);
    };
    for (int stage = 0; stage < stages - 1; ++stage) copy(stage);
    float4 sums[lane_rows][lane_planes] = {};
    for (int64_t stage = 0; stage * stage_nodes < n; ++stage) {
        wait_for_copies<stages - 2>();
        __syncthreads();          // this stage is there, and all have used the one before
        copy(stage + stages - 1); // zeros at the end
        GPU_UNROLL
        for (int i = 0; i < warp_nodes; ++i) {
            const int node = warp_index() + i * product_warps;
            const auto* const row_weights = reinterpret_cast<const float*>(weight_stages[stage % stages][node]);
            const float2 weight = *reinterpret_cast<const float2*>(row_weights + row);
            const float4 first = {weight.x, weight.x, weight.x, weight.x};
            const float4 second = {weight.y, weight.y, weight.y, weight.y};
            GPU_UNROLL
            for (int g = 0; g < lane_planes; ++g) {
                const float4 direction = p_stages[stage % stages][node][plane + g];
                sums[0][g] = multiply_add(first, direction, sums[0][g]);
                sums[1][g] = multiply_add(second, direction, sums[1][g]);
            }
        }
    }
    wait_for_copies<0>();
    __syncthreads(); // the weights' place is free

    static_assert(sizeof(float4[product_warps / 2][block_planes][tile]) <= sizeof(weight_stages));
    auto* const parts = reinterpret_cast<float4(*)[block_planes][tile]>(&weight_stages[0][0][0]);
    // The second half of the warps hands over to the first, and this to one thread for each row and plane.
    const int half = product_warps / 2, slot = warp_index() % half;
    for (int turn = 0; turn < 2; ++turn) {
        if ((warp_index() >= half) == (turn == 0)) {
            GPU_UNROLL
            for (int t = 0; t < lane_rows; ++t) {
                GPU_UNROLL
                for (int g = 0; g < lane_planes; ++g) {
                    float4 sum = sums[t][g];
                    if (turn == 1) {
                        const float4 other = parts[slot][plane + g][row + t];
                        sum = {sum.x + other.x, sum.y + other.y, sum.z + other.z, sum.w + other.w};
                    }
                    parts[slot][plane + g][row + t] = sum;
                }
            }
        }
        __syncthreads();
    }
    for (int i = warp_index(); i < planes; i += product_warps) { // a warp for each plane, a lane for each row
        Dots dots = {};
        const int64_t node = first_row + lane_index();
        if (node < n) {
            float4 sum = {0.0f, 0.0f, 0.0f, 0.0f};
            for (int part = 0; part < half; ++part) {
                const float4 other = parts[part][i][lane_index()];
                sum = {sum.x + other.x, sum.y + other.y, sum.z + other.z, sum.w + other.w};
            }
            const int64_t at = node * columns.planes + first_plane + i;
            const float4 direction = vectors.p[at];
            const float4 minus = {-alpha, -alpha, -alpha, -alpha};
            const float4 q = multiply_add(minus, sum, direction);
            vectors.q[at] = q;
            add_products(dots, vectors.r[at], direction, q);
        }
        GPU_UNROLL
        for (int dot = 0; dot < dot_products; ++dot) {
            GPU_UNROLL
            for (int c = 0; c < 4; ++c) dots.sums[dot][c] = warp_sum(dots.sums[dot][c]);
        }
        if (lane_index() == 0) store_products(dots, first_plane + i, columns.count, gridDim.x, blockIdx.x, partials);
    }
}

// ---------------------------------------------------------------------------- launchers

int64_t row_tiles(int64_t n) {
    return ceil_div(n, tile);
}

class DenseSystem final : public LinearSystem {
public:
    DenseSystem(const DenseGraph& graph, float alpha) : graph_(graph), alpha_(alpha) {}

    bool by_planes() const override { return false; }
    int64_t partial_count() const override { return row_tiles(graph_.node_count()); }

    void step(const Workspace& work, const Vectors& vectors, const Columns& columns, double* partials) const override {
        const int64_t n = graph_.node_count();
        if (vectors.step > 0) advance(work, vectors, columns, n);
        const dim3 grid(block_count(row_tiles(n), 1), block_count(columns.planes, block_planes));
        GPU_LAUNCH(dense_product_kernel, grid, product_threads, 0, work.stream, graph_.weights(), n, dense_pitch(n),
                   vectors, columns, alpha_, partials);
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

int64_t dense_pitch(int64_t n) {
    return ceil_div(n, tile) * tile;
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
    return conjugate_gradient_cost(n, columns, false, row_tiles(n));
}

} // namespace lposs::cuda
