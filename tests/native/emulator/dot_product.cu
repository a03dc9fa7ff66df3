// result = sum of x[i] y[i]: blocks add up their shares by shuffles; the block that draws the last ticket adds the
// shares, always in the same order.
#include "kernels.h"

namespace selftest {

static constexpr int block_size = 128;
static constexpr unsigned all_lanes = 0xffffffffu;

// ---------------------------------------------------------------------------- kernel

/// The block's sum, in thread 0.
template <Bug bug>
static __device__ float block_sum(float value) {
    GPU_SHARED(float, warp_sums, [block_size / 32]);
    const int lane = int(threadIdx.x % 32), warp = int(threadIdx.x / 32);
    for (unsigned step = 16; step > 0; step /= 2) value += __shfl_down_sync(all_lanes, value, step);
    if (lane == 0) warp_sums[warp] = value;
    if (bug != Bug::no_barrier_after_load) __syncthreads();
    if (bug == Bug::idle_lanes_in_mask ? threadIdx.x < block_size / 32 : warp == 0) {
        value = lane < block_size / 32 ? warp_sums[lane] : 0.0f;
        for (unsigned step = block_size / 64; step > 0; step /= 2) value += __shfl_down_sync(all_lanes, value, step);
    }
    __syncthreads(); // warp_sums may be used again
    return value;
}

template <Bug bug>
static __global__ void __launch_bounds__(block_size)
    dot_product_kernel(const float* __restrict__ x, const float* __restrict__ y, int n, float* partial,
                       unsigned* ticket, float* result) {
    GPU_SHARED(bool, is_last);
    const int first = int(blockIdx.x * block_size + threadIdx.x), stride = int(gridDim.x) * block_size;
    if (bug == Bug::early_return && first >= n) return;
    float sum = 0.0f;
    for (int i = first; i < n; i += stride) sum = fmaf(x[i], y[i], sum);
    sum = block_sum<bug>(sum);
    if (threadIdx.x == 0) {
        partial[blockIdx.x] = sum;
        if (bug != Bug::no_fence) __threadfence();
        is_last = atomicInc(ticket, gridDim.x - 1) == gridDim.x - 1;
    }
    __syncthreads();
    if (is_last) {
        __threadfence();
        sum = 0.0f;
        for (unsigned i = threadIdx.x; i < gridDim.x; i += block_size) sum += partial[i];
        sum = block_sum<bug>(sum);
        if (threadIdx.x == 0) *result = sum;
    }
}

// ---------------------------------------------------------------------------- launcher

template <Bug bug>
static void launch(const float* x, const float* y, int n, float* partial, unsigned* ticket, float* result, int blocks) {
    GPU_LAUNCH(dot_product_kernel<bug>, unsigned(blocks), block_size, 0, nullptr, x, y, n, partial, ticket, result);
}

void dot_product(const float* x, const float* y, int n, float* partial, unsigned* ticket, float* result, int blocks,
                 Bug bug) {
    switch (bug) {
    case Bug::no_barrier_after_load:
        return launch<Bug::no_barrier_after_load>(x, y, n, partial, ticket, result, blocks);
    case Bug::idle_lanes_in_mask:
        return launch<Bug::idle_lanes_in_mask>(x, y, n, partial, ticket, result, blocks);
    case Bug::early_return:
        return launch<Bug::early_return>(x, y, n, partial, ticket, result, blocks);
    case Bug::no_fence:
        return launch<Bug::no_fence>(x, y, n, partial, ticket, result, blocks);
    default:
        return launch<Bug::none>(x, y, n, partial, ticket, result, blocks);
    }
}

} // namespace selftest
