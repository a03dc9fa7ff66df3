// out = the five-point Laplacian of in, zero outside: a tile with a halo of one in dynamic shared memory.
#include "kernels.h"

namespace selftest {

static constexpr int tile = 16, pitch = tile + 2;

// ---------------------------------------------------------------------------- kernel

template <Bug bug>
static __global__ void __launch_bounds__(tile* tile)
    laplacian_kernel(const float* __restrict__ in, float* __restrict__ out, int height, int width) {
    GPU_DYN_SHARED(float, cells); // [pitch][pitch]; the corners are not used
    const int tx = int(threadIdx.x), ty = int(threadIdx.y);
    const int x = int(blockIdx.x) * tile + tx, y = int(blockIdx.y) * tile + ty;
    const int centre = (ty + 1) * pitch + tx + 1;
    const auto load = [=](int row, int column) {
        return row >= 0 && row < height && column >= 0 && column < width ? in[row * width + column] : 0.0f;
    };
    cells[centre] = load(y, x);
    if (tx == 0) cells[centre - 1] = load(y, x - 1);
    if (tx == tile - 1 && (bug != Bug::halo_not_loaded || x + 1 < width)) cells[centre + 1] = load(y, x + 1);
    if (ty == 0) cells[centre - pitch] = load(y - 1, x);
    if (ty == tile - 1) cells[centre + pitch] = load(y + 1, x);
    if (bug != Bug::no_barrier_after_load) __syncthreads();
    const int rows = bug == Bug::store_past_end ? height + 1 : height;
    if (x < width && y < rows)
        out[y * width + x] = cells[centre - 1] + cells[centre + 1] + cells[centre - pitch] + cells[centre + pitch] -
                             4.0f * cells[centre];
}

// ---------------------------------------------------------------------------- launcher

template <Bug bug>
static void launch(const float* in, float* out, int height, int width) {
    const dim3 grid(unsigned(width + tile - 1) / tile, unsigned(height + tile - 1) / tile);
    GPU_LAUNCH(laplacian_kernel<bug>, grid, dim3(tile, tile), pitch * pitch * sizeof(float), nullptr, in, out, height,
               width);
}

void laplacian(const float* in, float* out, int height, int width, Bug bug) {
    switch (bug) {
    case Bug::no_barrier_after_load:
        return launch<Bug::no_barrier_after_load>(in, out, height, width);
    case Bug::halo_not_loaded:
        return launch<Bug::halo_not_loaded>(in, out, height, width);
    case Bug::store_past_end:
        return launch<Bug::store_past_end>(in, out, height, width);
    default:
        return launch<Bug::none>(in, out, height, width);
    }
}

} // namespace selftest
