// The windows of the pixels of a tile. A block takes a tile of 32 x 20 pixels, which lies in shared memory with a halo.
// A lane keeps one column of pixels, a thread five pixels of it below each other, so that a neighbour that it loads
// serves five windows.
#pragma once

#include "cuda/runtime/block.cuh"
#include "cuda/runtime/device_call.h"
#include "cuda/runtime/workspace.h"
#include "cuda/solve/approximate.cuh"
#include "cuda/solve/stencil.h"

#include <limits>

namespace lposs::cuda {

inline constexpr int warps = 4; // of a half
inline constexpr int half_threads = warps * warp_lanes;
inline constexpr int threads = 2 * half_threads;
inline constexpr int thread_pixels = 5;
inline constexpr int tile_width = warp_lanes;
inline constexpr int tile_height = warps * thread_pixels;
inline constexpr float infinity = std::numeric_limits<float>::infinity();

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

/// Lets a kernel have as much dynamic shared memory as the device gives. Always the same limit: a smaller one, set
/// between another thread's limit and its launch, would make that launch fail.
template <class Kernel>
inline void allow_shared_memory(const Workspace& work, Kernel* kernel) {
    GPU_CHECK(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                   static_cast<int>(work.block_shared_memory)));
}

} // namespace lposs::cuda
