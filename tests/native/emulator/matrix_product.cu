// c = a b for n x n matrices: each block computes a tile of c, walking over tiles of a and b in shared memory.
#include "kernels.h"

namespace selftest {

// ---------------------------------------------------------------------------- kernel

template <int tile, Bug bug>
static __global__ void __launch_bounds__(tile* tile)
    matrix_product_kernel(const float* __restrict__ a, const float* __restrict__ b, float* __restrict__ c, int n) {
    GPU_SHARED(float, a_tile, [tile][tile]);
    GPU_SHARED(float, b_tile, [tile][tile + 1]);
    const int x = int(threadIdx.x), y = int(threadIdx.y);
    const int row = int(blockIdx.y) * tile + y, column = int(blockIdx.x) * tile + x;
    float sum = 0.0f;
    for (int start = 0; start < n; start += tile) {
        a_tile[y][x] = row < n && start + x < n ? __ldg(&a[row * n + start + x]) : 0.0f;
        b_tile[y][x] = start + y < n && column < n ? __ldg(&b[(start + y) * n + column]) : 0.0f;
        if (bug != Bug::no_barrier_after_load) __syncthreads();
        GPU_UNROLL
        for (int i = 0; i < tile; ++i) sum = fmaf(a_tile[y][i], b_tile[i][x], sum);
        if (bug != Bug::no_barrier_before_next) __syncthreads();
    }
    const int rows = bug == Bug::store_past_end ? n + 1 : n;
    if (row < rows && column < n) c[row * n + column] = sum;
}

// ---------------------------------------------------------------------------- launcher

template <Bug bug>
static void launch(const float* a, const float* b, float* c, int n) {
    constexpr unsigned tile = 16;
    const unsigned tiles = (unsigned(n) + tile - 1) / tile;
    GPU_LAUNCH((matrix_product_kernel<tile, bug>), dim3(tiles, tiles), dim3(tile, tile), 0, nullptr, a, b, c, n);
}

void matrix_product(const float* a, const float* b, float* c, int n, Bug bug) {
    switch (bug) {
    case Bug::no_barrier_after_load:
        return launch<Bug::no_barrier_after_load>(a, b, c, n);
    case Bug::no_barrier_before_next:
        return launch<Bug::no_barrier_before_next>(a, b, c, n);
    case Bug::store_past_end:
        return launch<Bug::store_past_end>(a, b, c, n);
    default:
        return launch<Bug::none>(a, b, c, n);
    }
}

} // namespace selftest
