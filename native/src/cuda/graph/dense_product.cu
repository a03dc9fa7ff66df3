// Blocks take a tile of rows and a part of the nodes that these are multiplied with: as many blocks as the chip runs at
// once. Since S is symmetric, what a block reads of row k are the weights of its own rows for node k, one after the
// other. Weights and p come to shared memory in stages, two of which are under way while one is used. A lane keeps four
// rows and half of the planes, and each warp takes every warps-th k. Warps' sums meet in shared memory, parts' sums in a
// second kernel, both in a fixed order.
//
// What decides, counted for 24 columns and one warp and k: 4 loads and 48 multiply-adds among about 56 instructions.
#include "cuda/graph/dense_product.h"

#include "cuda/runtime/async_copy.cuh"
#include "cuda/solve/conjugate_gradient.cuh"

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

// Fewer of each on the host, so that small tests have several tiles and parts.
constexpr int warps = GPU_ON_HOST ? 2 : 8;
constexpr int threads = warps * warp_lanes;
constexpr int lane_rows = GPU_ON_HOST ? 2 : 4;
constexpr int lane_planes = 3;
constexpr int row_lanes = 16;
constexpr int tile = row_lanes * lane_rows;
constexpr int block_planes = lane_planes * warp_lanes / row_lanes;
constexpr int stages = 3;
constexpr int warp_nodes = 4; // of a stage
constexpr int stage_nodes = warp_nodes * warps;
constexpr int part_nodes = GPU_ON_HOST ? 2 * stage_nodes : 608; // 5 parts of 2,940 nodes: 230 blocks
constexpr int row_quads = tile / 4;                             // a stage's weights of one node
static_assert(part_nodes % stage_nodes == 0);

/// Starts to copy the weights of a block's rows for nodes [first, + stage_nodes), and p of these; zeros from node `end`
/// on.
__device__ __forceinline__ void copy_stage(const float* own, int64_t pitch, const float4* p, int planes, int all_planes,
                                           int64_t first, int64_t end, float4 (*weights)[row_quads],
                                           float4 (*directions)[block_planes]) {
    for (int i = static_cast<int>(threadIdx.x); i < stage_nodes * row_quads; i += threads) {
        const int64_t node = first + i / row_quads;
        copy_async(&weights[i / row_quads][i % row_quads],
                   reinterpret_cast<const float4*>(own + node * pitch) + i % row_quads, node < end);
    }
    for (int i = static_cast<int>(threadIdx.x); i < stage_nodes * block_planes; i += threads) {
        const int64_t node = first + i / block_planes;
        const int plane = i % block_planes;
        copy_async(&directions[i / block_planes][plane], p + node * all_planes + plane, node < end && plane < planes);
    }
    end_copy_group();
}

/// A lane's rows of a stage's node, in one load.
__device__ __forceinline__ void load_rows(const float* from, float (&rows)[lane_rows]) {
    static_assert(lane_rows == 4 || lane_rows == 2);
    if constexpr (lane_rows == 4) {
        const float4 four = *reinterpret_cast<const float4*>(from);
        rows[0] = four.x;
        rows[1] = four.y;
        rows[lane_rows - 2] = four.z;
        rows[lane_rows - 1] = four.w;
    } else {
        const float2 two = *reinterpret_cast<const float2*>(from);
        rows[0] = two.x;
        rows[1] = two.y;
    }
}

__device__ __forceinline__ float4 add(const float4& a, const float4& b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w};
}

__device__ __forceinline__ bool is_any_live(const Columns& columns, int first_plane, int planes) {
    bool live = false;
    for (int plane = 0; plane < planes; ++plane) live = live || is_live(columns, first_plane + plane);
    return live;
}

/// sums [parts,N,planes]: S p of tile blockIdx.x, planes [block_planes blockIdx.y, + block_planes), over the nodes of
/// part blockIdx.z.
__global__ void __launch_bounds__(threads, 2) dense_product_kernel(const float* weights, int64_t n, int64_t pitch,
                                                                   const float4* p, Columns columns, float4* sums) {
    GPU_SHARED(float4, weight_stages, [stages][stage_nodes][row_quads]);
    GPU_SHARED(float4, p_stages, [stages][stage_nodes][block_planes]);
    const int first_plane = static_cast<int>(blockIdx.y) * block_planes;
    const int planes = min(columns.planes - first_plane, block_planes);
    if (!is_any_live(columns, first_plane, planes)) return; // whole blocks

    const int64_t first_row = int64_t{blockIdx.x} * tile;
    const int64_t first_node = int64_t{blockIdx.z} * part_nodes, end = min(n, first_node + part_nodes);
    const int row = lane_index() % row_lanes * lane_rows;
    const int plane = lane_index() / row_lanes * lane_planes; // of first_plane
    const auto copy = [&](int stage) {
        copy_stage(weights + first_row, pitch, p + first_plane, planes, columns.planes,
                   first_node + int64_t{stage} * stage_nodes, end, weight_stages[stage % stages],
                   p_stages[stage % stages]);
    };
    for (int stage = 0; stage < stages - 1; ++stage) copy(stage);
    float4 mine[lane_rows][lane_planes] = {};
    for (int stage = 0; first_node + int64_t{stage} * stage_nodes < end; ++stage) {
        wait_for_copies<stages - 2>();
        __syncthreads();          // this stage is there, and all have used the one before
        copy(stage + stages - 1); // zeros at the end
        GPU_UNROLL
        for (int i = 0; i < warp_nodes; ++i) {
            const int node = warp_index() + i * warps;
            float rows[lane_rows];
            load_rows(reinterpret_cast<const float*>(weight_stages[stage % stages][node]) + row, rows);
            GPU_UNROLL
            for (int g = 0; g < lane_planes; ++g) {
                const float4 direction = p_stages[stage % stages][node][plane + g];
                GPU_UNROLL
                for (int t = 0; t < lane_rows; ++t)
                    mine[t][g] = multiply_add({rows[t], rows[t], rows[t], rows[t]}, direction, mine[t][g]);
            }
        }
    }
    wait_for_copies<0>();
    __syncthreads(); // the weights' place is free

    // The second half of the warps hands over to the first, and this to one thread for each row and plane.
    constexpr int half = warps / 2;
    static_assert(sizeof(float4[half][block_planes][tile]) <= sizeof(weight_stages));
    auto* const parts = reinterpret_cast<float4(*)[block_planes][tile]>(&weight_stages[0][0][0]);
    const int slot = warp_index() % half;
    for (int turn = 0; turn < 2; ++turn) {
        if ((warp_index() >= half) == (turn == 0)) {
            GPU_UNROLL
            for (int t = 0; t < lane_rows; ++t) {
                GPU_UNROLL
                for (int g = 0; g < lane_planes; ++g) {
                    float4 sum = mine[t][g];
                    if (turn == 1) sum = add(sum, parts[slot][plane + g][row + t]);
                    parts[slot][plane + g][row + t] = sum;
                }
            }
        }
        __syncthreads();
    }
    for (int i = static_cast<int>(threadIdx.x); i < tile * planes; i += threads) {
        const int own_row = i / planes, own_plane = i % planes;
        if (first_row + own_row >= n) continue;
        float4 sum = parts[0][own_plane][own_row];
        for (int part = 1; part < half; ++part) sum = add(sum, parts[part][own_plane][own_row]);
        sums[(blockIdx.z * n + first_row + own_row) * columns.planes + first_plane + own_plane] = sum;
    }
}

constexpr int finish_threads = block_planes * warp_lanes;

/// q = p - alpha S p on 32 rows and planes [block_planes blockIdx.y, + block_planes), and their dot products: a warp for
/// each plane, a lane for each row.
__global__ void __launch_bounds__(finish_threads)
    dense_finish_kernel(const float4* sums, int parts, int64_t n, Vectors vectors, Columns columns, float alpha,
                        double* partials) {
    const int first_plane = static_cast<int>(blockIdx.y) * block_planes;
    const int planes = min(columns.planes - first_plane, block_planes);
    if (warp_index() >= planes || !is_any_live(columns, first_plane, planes)) return; // whole warps; no barrier
    const int plane = first_plane + warp_index();
    const int64_t node = int64_t{blockIdx.x} * warp_lanes + lane_index();
    Dots dots = {};
    if (node < n) {
        const int64_t at = node * columns.planes + plane;
        float4 sum = sums[at];
        for (int part = 1; part < parts; ++part) sum = add(sum, sums[part * n * columns.planes + at]);
        const float4 p = vectors.p[at];
        const float4 q = multiply_add({-alpha, -alpha, -alpha, -alpha}, sum, p);
        vectors.q[at] = q;
        add_products(dots, vectors.r[at], p, q);
    }
    GPU_UNROLL
    for (int dot = 0; dot < dot_products; ++dot) {
        GPU_UNROLL
        for (int c = 0; c < 4; ++c) dots.sums[dot][c] = warp_sum(dots.sums[dot][c]);
    }
    if (lane_index() == 0) store_products(dots, plane, columns.count, gridDim.x, blockIdx.x, partials);
}

// ---------------------------------------------------------------------------- launchers

int64_t part_count(int64_t n) {
    return ceil_div(n, part_nodes);
}

} // namespace

int64_t dense_pitch(int64_t n) {
    return ceil_div(n, tile) * tile;
}

int64_t dense_partials(int64_t n) {
    return ceil_div(n, warp_lanes);
}

int64_t dense_sums(int64_t n, int64_t planes) {
    return part_count(n) * n * planes;
}

void dense_product(const Workspace& work, const float* weights, int64_t n, const Vectors& vectors,
                   const Columns& columns, float alpha, float4* sums, double* partials) {
    const unsigned groups = block_count(columns.planes, block_planes), parts = block_count(n, part_nodes);
    GPU_LAUNCH(dense_product_kernel, dim3(block_count(n, tile), groups, parts), threads, 0, work.stream, weights, n,
               dense_pitch(n), vectors.p, columns, sums);
    GPU_LAUNCH(dense_finish_kernel, dim3(block_count(dense_partials(n), 1), groups), finish_threads, 0, work.stream,
               sums, static_cast<int>(parts), n, vectors, columns, alpha, partials);
}

} // namespace lposs::cuda
