// A block takes 32 rows and up to six planes. Since S is symmetric, what it reads of row k are the weights of its own
// 32 rows for node k: 128 bytes in a row. Weights and p come to shared memory in stages, two of which are under way
// while one is used. A lane keeps two rows and half of the planes, and each warp takes every warps-th k; their sums
// meet in shared memory, in a fixed order.
//
// What decides, counted for 24 columns and one warp and k: 4 loads and 24 multiply-adds among about 36 instructions (9
// turns of the schedulers), against 128 + 96 bytes from the second cache (4 turns at 64 bytes): arithmetic. Parts of
// the nodes, each with a block and its sums added by a second kernel, balance the multiprocessors better; measured on
// an H100 for 2,940 nodes the second launch costs what that saves.
#include "cuda/graph/dense_product.h"

#include "cuda/runtime/async_copy.cuh"
#include "cuda/solve/conjugate_gradient.cuh"

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int tile = 32; // rows of a block
// Fewer on the host, so that small tests have several stages.
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

/// Starts to copy the weights of a block's rows for nodes [first, + stage_nodes), and p of these; zeros beyond. A
/// thread takes one float4 of the weights and at most one of p.
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

} // namespace

// ---------------------------------------------------------------------------- launchers

int64_t dense_pitch(int64_t n) {
    return ceil_div(n, tile) * tile;
}

int64_t dense_partials(int64_t n) {
    return ceil_div(n, tile);
}

void dense_product(const Workspace& work, const float* weights, int64_t n, const Vectors& vectors,
                   const Columns& columns, float alpha, double* partials) {
    const dim3 grid(block_count(n, tile), block_count(columns.planes, block_planes));
    GPU_LAUNCH(dense_product_kernel, grid, product_threads, 0, work.stream, weights, n, dense_pitch(n), vectors,
               columns, alpha, partials);
}

} // namespace lposs::cuda
