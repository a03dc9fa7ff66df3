// A block of 4 warps takes a tile of 32 x 16 pixels: its pixels and `group` columns of p lie in shared memory
// with a halo of `radius`. A lane keeps one column of pixels, a thread four pixels of it below each other, so
// that what it loads serves four windows and each weight all columns of the group; the sums stay in
// registers. Results go through shared memory to be written in the order of p, with the dot product p.q made
// on the way.
#include "cuda/stencil.h"

#include "cuda/block.cuh"

#include <algorithm>
#include <limits>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int warps = 4;
constexpr int threads = warps * warp_lanes;
constexpr int thread_pixels = 4;
constexpr int tile_width = warp_lanes;
constexpr int tile_height = warps * thread_pixels;
constexpr int tile_pixels = tile_width * tile_height;
constexpr float infinity = std::numeric_limits<float>::infinity();

/// Where a block's tile lies, and its frame: the tile with its halo.
struct Tile {
    int x, y; ///< of its first pixel
    int pitch, rows;
    int frame; ///< pixels
};

__host__ __device__ __forceinline__ int frame_pixels(int radius) {
    return (tile_width + 2 * radius) * (tile_height + 2 * radius);
}

__device__ __forceinline__ Tile find_tile(const StencilShape& shape) {
    const int across = (shape.width + tile_width - 1) / tile_width;
    Tile tile;
    tile.x = static_cast<int>(blockIdx.x) % across * tile_width;
    tile.y = static_cast<int>(blockIdx.x) / across * tile_height;
    tile.pitch = tile_width + 2 * shape.radius;
    tile.rows = tile_height + 2 * shape.radius;
    tile.frame = tile.pitch * tile.rows;
    return tile;
}

/// The picture's pixel at a place of the frame, or -1 outside of the picture.
__device__ __forceinline__ int64_t pixel_at(const StencilShape& shape, const Tile& tile, int place) {
    const int y = tile.y - shape.radius + place / tile.pitch;
    const int x = tile.x - shape.radius + place % tile.pitch;
    const bool inside = y >= 0 && y < shape.height && x >= 0 && x < shape.width;
    return inside ? int64_t{y} * shape.width + x : -1;
}

/// log2 of the weight between two pixels, normalised where their h are set.
__device__ __forceinline__ float log_weight(const float4& i, const float4& j) {
    const float l = i.x - j.x, a = i.y - j.y, b = i.z - j.z;
    const float square = l * l + a * a + b * b;
    const float safe = square < 1e-30f ? 1e-30f : square; // 0 rsqrt(0) would be no number
    return (i.w + j.w) - safe * rsqrtf(safe);
}

/// pixels = lab with h. Sums of powers relative to the largest, as for any log of a sum of exponentials.
__global__ void stencil_pixels_kernel(const float* lab, StencilShape shape, float3 scale, float4* pixels) {
    GPU_DYN_SHARED(float4, frame);
    const Tile tile = find_tile(shape);
    for (int place = static_cast<int>(threadIdx.x); place < tile.frame; place += threads) {
        const int64_t pixel = pixel_at(shape, tile, place);
        float4 value = {0.0f, 0.0f, 0.0f, -infinity};
        if (pixel >= 0)
            value = {lab[3 * pixel] * scale.x, lab[3 * pixel + 1] * scale.y, lab[3 * pixel + 2] * scale.z,
                     0.0f};
        frame[place] = value;
    }
    __syncthreads();

    const int x = lane_index();
    for (int y = warp_index(); y < tile_height; y += warps) {
        const int centre = (y + shape.radius) * tile.pitch + x + shape.radius;
        const float4 own = frame[centre];
        const int corner = y * tile.pitch + x;
        float largest = -infinity;
        for (int v = 0; v <= 2 * shape.radius; ++v)
            for (int u = 0; u <= 2 * shape.radius; ++u) {
                const int place = corner + v * tile.pitch + u;
                if (place != centre) largest = fmaxf(largest, log_weight(own, frame[place]));
            }
        float sum = 0.0f;
        if (largest > -infinity)
            for (int v = 0; v <= 2 * shape.radius; ++v)
                for (int u = 0; u <= 2 * shape.radius; ++u) {
                    const int place = corner + v * tile.pitch + u;
                    if (place != centre) sum += exp2f(log_weight(own, frame[place]) - largest);
                }
        const int64_t pixel = pixel_at(shape, tile, centre);
        if (pixel >= 0) {
            float4 value = own;
            value.w = largest > -infinity ? -0.5f * (largest + log2f(sum)) : -infinity;
            pixels[pixel] = value;
        }
    }
}

/// Columns [group blockIdx.y, + group) of q = p - alpha S p on one tile. Shared: frame [frame] float4, of
/// which the results [tile_pixels][group] take the place, and p's values [group / 4][frame] float4.
template <int group>
__global__ void __launch_bounds__(threads)
    stencil_product_kernel(const float4* pixels, StencilShape shape, const float* p, int columns,
                           const ColumnState* state, float alpha, float* q, double* partials) {
    GPU_DYN_SHARED(float4, frame);
    GPU_SHARED(double, products, [threads]);
    const Tile tile = find_tile(shape);
    const int thread = static_cast<int>(threadIdx.x);
    float* const results = reinterpret_cast<float*>(frame);
    float4* const vectors = frame + max(tile.frame, tile_pixels * group / 4);
    float* const values = reinterpret_cast<float*>(vectors);
    const int first_column = static_cast<int>(blockIdx.y) * group;
    const int width = min(columns - first_column, group);
    bool active = false;
    for (int c = 0; c < width; ++c) active = active || state[first_column + c].active;
    if (!active) return; // whole blocks

    for (int place = thread; place < tile.frame; place += threads) {
        const int64_t pixel = pixel_at(shape, tile, place);
        const float4 outside = {0.0f, 0.0f, 0.0f, -infinity};
        frame[place] = pixel >= 0 ? pixels[pixel] : outside;
    }
    for (int i = thread; i < tile.frame * group; i += threads) {
        const int place = i / group, c = i % group;
        const int64_t pixel = pixel_at(shape, tile, place);
        const bool wanted = pixel >= 0 && c < width;
        values[(c / 4 * tile.frame + place) * 4 + c % 4] =
            wanted ? p[pixel * columns + first_column + c] : 0.0f;
    }
    __syncthreads();

    // Row `v` of the frame, counted from the first window's, is row v - t of the window of the thread's pixel
    // t.
    const int x = lane_index(), y = warp_index() * thread_pixels;
    const int corner = y * tile.pitch + x;
    const int centre = corner + shape.radius * tile.pitch + shape.radius;
    float4 own[thread_pixels];
    float sums[thread_pixels][group] = {};
    GPU_UNROLL
    for (int t = 0; t < thread_pixels; ++t) own[t] = frame[centre + t * tile.pitch];
    for (int v = 0; v < 2 * shape.radius + thread_pixels; ++v) {
        for (int u = 0; u <= 2 * shape.radius; ++u) {
            const int place = corner + v * tile.pitch + u;
            const float4 other = frame[place];
            float4 vector[group / 4];
            GPU_UNROLL
            for (int g = 0; g < group / 4; ++g) vector[g] = vectors[g * tile.frame + place];
            GPU_UNROLL
            for (int t = 0; t < thread_pixels; ++t) {
                const int row = v - t;
                if (row < 0 || row > 2 * shape.radius || (row == shape.radius && u == shape.radius)) continue;
                const float weight = exp2f(log_weight(own[t], other));
                GPU_UNROLL
                for (int g = 0; g < group / 4; ++g) {
                    sums[t][4 * g] += weight * vector[g].x;
                    sums[t][4 * g + 1] += weight * vector[g].y;
                    sums[t][4 * g + 2] += weight * vector[g].z;
                    sums[t][4 * g + 3] += weight * vector[g].w;
                }
            }
        }
    }
    __syncthreads();
    GPU_UNROLL
    for (int t = 0; t < thread_pixels; ++t) {
        GPU_UNROLL
        for (int c = 0; c < group; ++c) results[((y + t) * tile_width + x) * group + c] = sums[t][c];
    }
    __syncthreads();

    // A thread keeps to one column here, since `threads` is a multiple of the group.
    const int c = thread % group;
    double pq = 0.0;
    for (int i = thread; i < tile_pixels * group; i += threads) {
        const int tile_y = i / group / tile_width, tile_x = i / group % tile_width;
        const int place = (tile_y + shape.radius) * tile.pitch + tile_x + shape.radius;
        const int64_t pixel = pixel_at(shape, tile, place);
        if (pixel < 0 || c >= width) continue;
        const float direction = values[(c / 4 * tile.frame + place) * 4 + c % 4];
        const float product = direction - alpha * results[i];
        q[pixel * columns + first_column + c] = product;
        pq += static_cast<double>(direction) * static_cast<double>(product);
    }
    products[thread] = pq;
    __syncthreads();
    if (thread < width) {
        pq = 0.0;
        for (int i = thread; i < threads; i += group) pq += products[i];
        partials[int64_t{first_column + thread} * gridDim.x + blockIdx.x] = pq;
    }
}

// ---------------------------------------------------------------------------- launchers

/// Bytes of dynamic shared memory for a group of columns.
int64_t product_memory(int radius, int group) {
    const int64_t frame = frame_pixels(radius);
    return std::max<int64_t>(frame, tile_pixels * group / 4) * 16 + frame * group * 4;
}

template <int group>
void launch_product(const Workspace& work, const StencilShape& shape, const float4* pixels, const float* p,
                    int64_t columns, const ColumnState* state, float alpha, float* q, double* partials) {
    const int64_t bytes = product_memory(shape.radius, group);
    const dim3 grid(block_count(stencil_tiles(shape), 1), block_count(columns, group));
    GPU_CHECK(cudaFuncSetAttribute(stencil_product_kernel<group>, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                   static_cast<int>(bytes)));
    GPU_LAUNCH((stencil_product_kernel<group>), grid, threads, static_cast<size_t>(bytes), work.stream,
               pixels, shape, p, static_cast<int>(columns), state, alpha, q, partials);
}

} // namespace

int64_t stencil_tiles(const StencilShape& shape) {
    return ceil_div(shape.width, tile_width) * ceil_div(shape.height, tile_height);
}

void stencil_pixels(const Workspace& work, const StencilShape& shape, const float* lab, float3 scale,
                    float4* pixels) {
    const size_t bytes = static_cast<size_t>(frame_pixels(shape.radius)) * sizeof(float4);
    GPU_LAUNCH(stencil_pixels_kernel, block_count(stencil_tiles(shape), 1), threads, bytes, work.stream, lab,
               shape, scale, pixels);
}

void stencil_product(const Workspace& work, const StencilShape& shape, const float4* pixels, const float* p,
                     int64_t columns, const ColumnState* state, float alpha, float* q, double* partials) {
    // Eight columns share a weight's exponential where there are so many and their frame fits the block.
    const bool wide = columns > 4 && product_memory(shape.radius, 8) + 2048 <= work.block_shared_memory;
    const auto launch = wide ? launch_product<8> : launch_product<4>;
    launch(work, shape, pixels, p, columns, state, alpha, q, partials);
}

} // namespace lposs::cuda
