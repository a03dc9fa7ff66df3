// A block's pixels and up to three planes of p lie in shared memory; each weight serves all columns of the planes, and
// the sums stay in registers. Two halves of warps share a tile: each takes every other row of the windows.
//
// What decides, counted for 12 columns and a warp: a place costs 4 loads of 16 bytes (16 turns of shared memory) and
// serves five windows, for which it takes 5 weights of 10 instructions each and 60 multiply-adds (about 31 turns of the
// schedulers). So arithmetic binds, not shared memory. Weights are made again at each step, since reading them would
// move 45 to 90 MB beside the 205 MB of vectors (448 x 597, 21 columns); and no weight is used for both its pixels,
// since adding to the other's sum in shared memory costs more turns there than the weight does. Five pixels a thread
// let two blocks share a multiprocessor, and fit any GPU at radius 15.
#include "cuda/solve/conjugate_gradient.cuh"
#include "cuda/solve/window.cuh"

#include <algorithm>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

// Where a plane's dot products meet: [4 dot_products][sum_pitch] doubles, one for two lanes. Lanes of a warp add one
// sum; the pitch puts the sums of half a warp into different banks.
constexpr int plane_sums = 4 * dot_products;
constexpr int sum_parts = threads / 2;
constexpr int sum_lanes = threads / plane_sums;
constexpr int sum_pitch = sum_parts + 8;

/// Adds the threads' sums of a plane in a fixed order and stores them. Begins and ends with a barrier.
__device__ __forceinline__ void store_tile_products(const Dots& dots, int plane, int columns, double* sums,
                                                    double* partials) {
    constexpr int half_warp = warp_lanes / 2;
    const int thread = static_cast<int>(threadIdx.x);
    __syncthreads();
    GPU_UNROLL
    for (int i = 0; i < plane_sums; ++i) {
        const double mine = dots.sums[i / 4][i % 4];
        const double both = mine + __shfl_xor_sync(full_warp, mine, half_warp);
        if (lane_index() < half_warp) sums[i * sum_pitch + warp_index() * half_warp + lane_index()] = both;
    }
    __syncthreads();
    const int i = thread / sum_lanes;
    double sum = 0.0;
    for (int part = thread % sum_lanes; part < sum_parts; part += sum_lanes) sum += sums[i * sum_pitch + part];
    for (int offset = sum_lanes / 2; offset > 0; offset /= 2) sum += __shfl_xor_sync(full_warp, sum, offset);
    const int column = 4 * plane + i % 4;
    if (thread % sum_lanes == 0 && column < columns) partials[partial_at(column, i / 4, gridDim.x, blockIdx.x)] = sum;
    __syncthreads();
}

// The first half of the warps finishes so many of a thread's pixels, the other half the rest.
constexpr int first_half_pixels = (thread_pixels + 1) / 2;

/// Planes [group blockIdx.y, + group) of a step on one tile. Shared: frame [frame] float4, of which later the sums of
/// the dot products take the place, and p [group][frame] float4.
template <int group>
__global__ void __launch_bounds__(threads, 2)
    stencil_step_kernel(const float4* pixels, StencilShape shape, Vectors vectors, Columns columns, int vectors_at,
                        float alpha, double* partials) {
    GPU_DYN_SHARED(float4, frame);
    float4* const directions = frame + vectors_at;
    const Tile tile = find_tile(shape);
    const int thread = static_cast<int>(threadIdx.x);
    const int first_plane = static_cast<int>(blockIdx.y) * group;
    const int mine = min(columns.planes - first_plane, group); // further ones repeat the last, and are not kept
    bool live = false;
    for (int g = 0; g < mine; ++g) live = live || is_live(columns, first_plane + g);
    if (!live) return; // whole blocks

    float4 a[group], b[group];
    GPU_UNROLL
    for (int g = 0; g < group; ++g) {
        a[g] = scalars_of(columns.a, first_plane + min(g, mine - 1));
        b[g] = scalars_of(columns.b, first_plane + min(g, mine - 1));
    }
    for (int place = thread; place < tile.frame; place += threads) {
        const Place here = find_place(shape, tile, place);
        float4 pixel = {0.0f, 0.0f, 0.0f, -infinity};
        float4 p[group] = {};
        if (here.pixel >= 0) {
            pixel = pixels[here.pixel];
            int64_t at[group];
            GPU_UNROLL
            for (int g = 0; g < group; ++g)
                at[g] = (first_plane + min(g, mine - 1)) * vectors.plane_stride + here.pixel;
            if (vectors.step == 0) {
                GPU_UNROLL
                for (int g = 0; g < group; ++g) p[g] = vectors.p[at[g]];
            } else {
                float4 r[group], q[group], x[group] = {};
                GPU_UNROLL
                for (int g = 0; g < group; ++g) {
                    if (here.own && vectors.step > 1) x[g] = vectors.x[at[g]];
                    r[g] = vectors.last_r[at[g]];
                    q[g] = vectors.last_q[at[g]];
                    p[g] = vectors.last_p[at[g]];
                }
                GPU_UNROLL
                for (int g = 0; g < group; ++g) {
                    const float4 last_p = p[g];
                    r[g] = multiply_subtract(a[g], q[g], r[g]);
                    p[g] = multiply_add(b[g], last_p, r[g]);
                    if (!here.own || g >= mine) continue;
                    vectors.r[at[g]] = r[g];
                    vectors.p[at[g]] = p[g];
                    vectors.x[at[g]] = multiply_add(a[g], last_p, x[g]);
                }
            }
        }
        frame[place] = pixel;
        GPU_UNROLL
        for (int g = 0; g < group; ++g) directions[g * tile.frame + place] = p[g];
    }
    __syncthreads();

    const int half = warp_index() / warps;
    const int corner = warp_row() * thread_pixels * tile.pitch + lane_index();
    const int centre = corner + tile.halo * (tile.pitch + 1);
    float4 own[thread_pixels];
    float4 sums[thread_pixels][group] = {};
    GPU_UNROLL
    for (int t = 0; t < thread_pixels; ++t) own[t] = frame[centre + t * tile.pitch];
    float4 others[2], neighbours[2][group];
    visit_windows(
        tile, corner, half, 2,
        [&](int i, int place) {
            others[i] = frame[place];
            GPU_UNROLL
            for (int g = 0; g < group; ++g) neighbours[i][g] = directions[g * tile.frame + place];
        },
        [&](int v, int u, int split) {
            float weights[thread_pixels];
            make_weights(shape, tile, own, others, v, u, split, weights);
            GPU_UNROLL
            for (int t = 0; t < thread_pixels; ++t) {
                const float4 weight = {weights[t], weights[t], weights[t], weights[t]};
                GPU_UNROLL
                for (int g = 0; g < group; ++g)
                    sums[t][g] = multiply_add(weight, neighbours[t <= split ? 0 : 1][g], sums[t][g]);
            }
        });
    __syncthreads();

    float4* const handed = frame + thread % half_threads; // [thread_pixels][half_threads]: what the other half finishes
    GPU_UNROLL
    for (int g = 0; g < group; ++g) {
        const int plane = first_plane + g;
        if (g >= mine) continue; // whole blocks
        GPU_UNROLL
        for (int t = 0; t < thread_pixels; ++t)
            if ((t < first_half_pixels) != (half == 0)) handed[t * half_threads] = sums[t][g];
        __syncthreads();
        Dots dots = {};
        GPU_UNROLL
        for (int t = 0; t < thread_pixels; ++t) {
            const int64_t pixel = own_pixel(shape, tile, t);
            if (pixel < 0 || (t < first_half_pixels) != (half == 0)) continue;
            const float4 mine_of_t = sums[t][g], other = handed[t * half_threads];
            const float4 sum = {mine_of_t.x + other.x, mine_of_t.y + other.y, mine_of_t.z + other.z,
                                mine_of_t.w + other.w};
            const int64_t at = plane * vectors.plane_stride + pixel;
            const float4 p = directions[g * tile.frame + centre + t * tile.pitch];
            const float4 minus = {-alpha, -alpha, -alpha, -alpha};
            const float4 q = multiply_add(minus, sum, p);
            vectors.q[at] = q;
            add_products(dots, vectors.r[at], p, q);
        }
        store_tile_products(dots, plane, columns.count, reinterpret_cast<double*>(frame), partials);
    }
}

// ---------------------------------------------------------------------------- launchers

/// Where p begins in shared memory, in float4s.
int directions_at(int radius) {
    constexpr int sums = plane_sums * sum_pitch * static_cast<int>(sizeof(double) / sizeof(float)) / 4;
    return std::max({frame_pixels(radius), sums, thread_pixels * half_threads});
}

/// Bytes of dynamic shared memory for a group of planes.
int64_t step_memory(int radius, int64_t group) {
    return (directions_at(radius) + group * frame_pixels(radius)) * static_cast<int64_t>(sizeof(float4));
}

template <int group>
void launch_step(const Workspace& work, const StencilShape& shape, const float4* pixels, const Vectors& vectors,
                 const Columns& columns, float alpha, double* partials) {
    const auto bytes = static_cast<size_t>(step_memory(shape.radius, group));
    const dim3 grid(block_count(stencil_tiles(shape), 1), block_count(columns.planes, group));
    allow_shared_memory(work, stencil_step_kernel<group>);
    GPU_LAUNCH((stencil_step_kernel<group>), grid, threads, bytes, work.stream, pixels, shape, vectors, columns,
               directions_at(shape.radius), alpha, partials);
}

} // namespace

void stencil_step(const Workspace& work, const StencilShape& shape, const float4* pixels, const Vectors& vectors,
                  const Columns& columns, float alpha, double* partials) {
    // As many planes share a weight as fit a block's memory, and the groups are equally wide.
    int64_t most = 3;
    while (most > 1 && step_memory(shape.radius, most) > work.block_shared_memory) --most;
    const int64_t group = ceil_div(columns.planes, ceil_div(columns.planes, most));
    const auto launch = group == 3 ? launch_step<3> : group == 2 ? launch_step<2> : launch_step<1>;
    launch(work, shape, pixels, vectors, columns, alpha, partials);
}

} // namespace lposs::cuda
