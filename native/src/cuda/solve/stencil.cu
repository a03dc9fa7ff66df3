// A block of 4 warps takes a tile of 32 x 20 pixels; its pixels and up to three planes of p lie in shared memory with a
// halo. A lane keeps one column of pixels, a thread five pixels of it below each other, so that a neighbour that it
// loads serves five windows, and each weight all columns of the planes; the sums stay in registers.
//
// What decides, counted for 12 columns and a warp: a place costs 4 loads of 16 bytes (16 turns of shared memory) and
// serves five windows, for which it takes 5 weights of 10 instructions each and 60 multiply-adds (about 31 turns of the
// schedulers). So arithmetic binds, not shared memory. Weights are made again at each step, since reading them would
// move 45 to 90 MB beside the 205 MB of vectors (448 x 597, 21 columns); and no weight is used for both its pixels,
// since adding to the other's sum in shared memory costs more turns there than the weight does. Five pixels a thread
// let two blocks share a multiprocessor, and fit any GPU at radius 15.
#include "cuda/solve/stencil.h"

#include "cuda/solve/approximate.cuh"
#include "cuda/solve/conjugate_gradient.cuh"

#include <algorithm>
#include <limits>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int warps = 4; // of a half
constexpr int half_threads = warps * warp_lanes;
constexpr int threads = 2 * half_threads;
constexpr int thread_pixels = 5;
constexpr int tile_width = warp_lanes;
constexpr int tile_height = warps * thread_pixels;
constexpr float infinity = std::numeric_limits<float>::infinity();

/// How far a frame goes beyond its tile: the radius, but windows are at least as high as a thread's pixels.
__host__ __device__ __forceinline__ int halo(int radius) {
    return radius < thread_pixels / 2 ? thread_pixels / 2 : radius;
}

__host__ __device__ __forceinline__ int frame_pixels(int radius) {
    return (tile_width + 2 * halo(radius)) * (tile_height + 2 * halo(radius));
}

/// Where a block's tile lies, and its frame: the tile with its halo.
struct Tile {
    int x, y; ///< of its first pixel
    int halo, pitch;
    int frame; ///< pixels
};

__device__ __forceinline__ Tile find_tile(const StencilShape& shape) {
    const int across = (shape.width + tile_width - 1) / tile_width;
    Tile tile;
    tile.x = static_cast<int>(blockIdx.x) % across * tile_width;
    tile.y = static_cast<int>(blockIdx.x) / across * tile_height;
    tile.halo = halo(shape.radius);
    tile.pitch = tile_width + 2 * tile.halo;
    tile.frame = frame_pixels(shape.radius);
    return tile;
}

/// A place of the frame: the image's pixel there, or -1 outside of the image, and whether it is the tile's own.
struct Place {
    int64_t pixel;
    bool own;
};

__device__ __forceinline__ Place find_place(const StencilShape& shape, const Tile& tile, int place) {
    const int v = place / tile.pitch - tile.halo, u = place % tile.pitch - tile.halo;
    const int y = tile.y + v, x = tile.x + u;
    const bool inside = y >= 0 && y < shape.height && x >= 0 && x < shape.width;
    return {inside ? int64_t{y} * shape.width + x : -1,
            inside && v >= 0 && v < tile_height && u >= 0 && u < tile_width};
}

/// Which of the rows of warps a warp is in.
__device__ __forceinline__ int warp_row() {
    return warp_index() % warps;
}

/// The image's pixel that is pixel t of this thread, or -1.
__device__ __forceinline__ int64_t own_pixel(const StencilShape& shape, const Tile& tile, int t) {
    const int y = tile.y + warp_row() * thread_pixels + t, x = tile.x + lane_index();
    return y < shape.height && x < shape.width ? int64_t{y} * shape.width + x : -1;
}

/// log2 of the weight between two pixels, normalised where their h are set.
__device__ __forceinline__ float log_weight(const float4& i, const float4& j) {
    const float l = i.x - j.x, a = i.y - j.y, b = i.z - j.z;
    return (i.w + j.w) - approximate_sqrt(l * l + a * a + b * b);
}

/// Visits the windows of a thread's pixels, whose first begins at `corner`. Row v of the frame, counted from there, is
/// row v - t of the window of pixel t. Rows that lie in all windows come one by one; those above and below in pairs, so
/// that each pair, too, has one row of every window. For each place: load(0, place), for pairs also load(1, place);
/// then use(v, u, split): the place of pixel t is in row v of the frame up to t = split, else a window further down.
/// Of every `step` rows, or pairs of rows, only the one that `part` counts is visited.
template <class Load, class Use>
__device__ __forceinline__ void visit_windows(const Tile& tile, int corner, int part, int step, const Load& load,
                                              const Use& use) {
    const int side = 2 * tile.halo + 1;
    for (int v = thread_pixels - 1 + part; v < side; v += step) {
        GPU_NO_UNROLL
        for (int u = 0; u < side; ++u) {
            load(0, corner + v * tile.pitch + u);
            use(v, u, thread_pixels - 1);
        }
    }
    GPU_UNROLL
    for (int v = 0; v < thread_pixels - 1; ++v) {
        if (v % step != part) continue; // whole warps
        GPU_NO_UNROLL
        for (int u = 0; u < side; ++u) {
            load(0, corner + v * tile.pitch + u);
            load(1, corner + (v + side) * tile.pitch + u);
            use(v, u, v);
        }
    }
}

/// The weights of a thread's pixels `own` with the places that visit_windows() loaded.
__device__ __forceinline__ void make_weights(const StencilShape& shape, const Tile& tile, const float4* own,
                                             const float4* others, int v, int u, int split, float* weights) {
    GPU_UNROLL
    for (int t = 0; t < thread_pixels; ++t)
        weights[t] = approximate_exp2(log_weight(own[t], others[t <= split ? 0 : 1]));
    if (u == tile.halo || shape.radius < tile.halo) { // the pixel itself; beyond a radius that is less than the halo
        GPU_UNROLL
        for (int t = 0; t < thread_pixels; ++t) {
            const int dx = u - tile.halo;
            const int dy = (t <= split ? v : v + 2 * tile.halo + 1) - t - tile.halo;
            const bool far = max(abs(dx), abs(dy)) > shape.radius;
            if (far || (dx == 0 && dy == 0)) weights[t] = 0.0f;
        }
    }
}

/// -log2(D) / 2 of a pixel far from all others: powers relative to the largest, as for any log of a sum of
/// exponentials.
__device__ __forceinline__ float far_height(const StencilShape& shape, const Tile& tile, const float4* frame,
                                            int centre) {
    const float4 own = frame[centre];
    const int radius = shape.radius;
    float largest = -infinity;
    GPU_NO_UNROLL
    for (int v = -radius; v <= radius; ++v) {
        GPU_NO_UNROLL
        for (int u = -radius; u <= radius; ++u) {
            const int place = centre + v * tile.pitch + u;
            if (place != centre) largest = fmaxf(largest, log_weight(own, frame[place]));
        }
    }
    if (!(largest > -infinity)) return -infinity;
    float sum = 0.0f;
    GPU_NO_UNROLL
    for (int v = -radius; v <= radius; ++v) {
        GPU_NO_UNROLL
        for (int u = -radius; u <= radius; ++u) {
            const int place = centre + v * tile.pitch + u;
            if (place != centre) sum += approximate_exp2(log_weight(own, frame[place]) - largest);
        }
    }
    return -0.5f * (largest + log2f(sum));
}

/// pixels = lab with h.
__global__ void __launch_bounds__(half_threads)
    stencil_pixels_kernel(const float* lab, StencilShape shape, float3 scale, float4* pixels) {
    GPU_DYN_SHARED(float4, frame);
    const Tile tile = find_tile(shape);
    for (int place = static_cast<int>(threadIdx.x); place < tile.frame; place += half_threads) {
        const int64_t pixel = find_place(shape, tile, place).pixel;
        float4 value = {0.0f, 0.0f, 0.0f, -infinity};
        if (pixel >= 0)
            value = {lab[3 * pixel] * scale.x, lab[3 * pixel + 1] * scale.y, lab[3 * pixel + 2] * scale.z, 0.0f};
        frame[place] = value;
    }
    __syncthreads();

    const int corner = warp_row() * thread_pixels * tile.pitch + lane_index();
    const int centre = corner + tile.halo * (tile.pitch + 1);
    float4 own[thread_pixels];
    float sums[thread_pixels] = {};
    GPU_UNROLL
    for (int t = 0; t < thread_pixels; ++t) own[t] = frame[centre + t * tile.pitch];
    float4 others[2];
    visit_windows(
        tile, corner, 0, 1, [&](int i, int place) { others[i] = frame[place]; },
        [&](int v, int u, int split) {
            float weights[thread_pixels];
            make_weights(shape, tile, own, others, v, u, split, weights);
            GPU_UNROLL
            for (int t = 0; t < thread_pixels; ++t) sums[t] += weights[t];
        });
    GPU_UNROLL
    for (int t = 0; t < thread_pixels; ++t) {
        const int64_t pixel = own_pixel(shape, tile, t);
        if (pixel < 0) continue;
        float4 value = own[t];
        // Below 2^-60, weights that were flushed to zero might count.
        value.w = sums[t] > 0x1p-60f ? -0.5f * log2f(sums[t]) : far_height(shape, tile, frame, centre + t * tile.pitch);
        pixels[pixel] = value;
    }
}

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

/// Lets a kernel have as much dynamic shared memory as the device gives. Always the same limit: a smaller one, set
/// between another thread's limit and its launch, would make that launch fail.
template <class Kernel>
void allow_shared_memory(const Workspace& work, Kernel* kernel) {
    GPU_CHECK(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                   static_cast<int>(work.block_shared_memory)));
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

int64_t stencil_tiles(const StencilShape& shape) {
    return ceil_div(shape.width, tile_width) * ceil_div(shape.height, tile_height);
}

void stencil_pixels(const Workspace& work, const StencilShape& shape, const float* lab, float3 scale, float4* pixels) {
    const int64_t bytes = frame_pixels(shape.radius) * static_cast<int64_t>(sizeof(float4));
    allow_shared_memory(work, stencil_pixels_kernel);
    GPU_LAUNCH(stencil_pixels_kernel, block_count(stencil_tiles(shape), 1), half_threads, static_cast<size_t>(bytes),
               work.stream, lab, shape, scale, pixels);
}

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
