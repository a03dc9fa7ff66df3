// Lab and h of each pixel: one pass over the windows, or for pixels far from all others two more.
#include "cuda/solve/window.cuh"

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

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

} // namespace

// ---------------------------------------------------------------------------- launchers

int64_t stencil_tiles(const StencilShape& shape) {
    return ceil_div(shape.width, tile_width) * ceil_div(shape.height, tile_height);
}

void stencil_pixels(const Workspace& work, const StencilShape& shape, const float* lab, float3 scale, float4* pixels) {
    const int64_t bytes = frame_pixels(shape.radius) * static_cast<int64_t>(sizeof(float4));
    allow_shared_memory(work, stencil_pixels_kernel);
    GPU_LAUNCH(stencil_pixels_kernel, block_count(stencil_tiles(shape), 1), half_threads, static_cast<size_t>(bytes),
               work.stream, lab, shape, scale, pixels);
}

} // namespace lposs::cuda
