// What the threads of a block do together: sums in a fixed order, and counting flags in the order of the threads.
#pragma once

#include "cuda/runtime/gpu.h"

#include <cstdint>

namespace lposs::cuda {

constexpr unsigned full_warp = 0xffffffffu;
constexpr int warp_lanes = 32;

__device__ __forceinline__ int lane_index() {
    return static_cast<int>(threadIdx.x) % warp_lanes;
}
__device__ __forceinline__ int warp_index() {
    return static_cast<int>(threadIdx.x) / warp_lanes;
}

/// The sum over the lanes of a warp, in every lane the same bits.
template <class T>
__device__ __forceinline__ T warp_sum(T value) {
    for (int offset = warp_lanes / 2; offset > 0; offset /= 2) value += __shfl_xor_sync(full_warp, value, offset);
    return value;
}

/// The sum over a block of `threads` threads, in every thread the same bits. Ends with a barrier.
template <int threads, class T>
__device__ __forceinline__ T block_sum(T value) {
    GPU_SHARED(T, warp_sums, [threads / warp_lanes]);
    value = warp_sum(value);
    if (lane_index() == 0) warp_sums[warp_index()] = value;
    __syncthreads();
    T sum = 0;
    for (int warp = 0; warp < threads / warp_lanes; ++warp) sum += warp_sums[warp];
    __syncthreads();
    return sum;
}

/// The sum of the values of all threads before this one, in a block of `threads` threads. Ends with a barrier.
template <int threads, class T>
__device__ __forceinline__ T block_sum_before(T value) {
    GPU_SHARED(T, warp_totals, [threads / warp_lanes]);
    T before = value; // inclusive first
    for (int offset = 1; offset < warp_lanes; offset *= 2) {
        const T other = __shfl_up_sync(full_warp, before, static_cast<unsigned>(offset));
        if (lane_index() >= offset) before += other;
    }
    if (lane_index() == warp_lanes - 1) warp_totals[warp_index()] = before;
    before -= value;
    __syncthreads();
    for (int warp = 0; warp < warp_index(); ++warp) before += warp_totals[warp];
    __syncthreads();
    return before;
}

/// Flags of two kinds: how many threads before this one have them, and how many have them in all.
struct FlagCounts {
    int first_before, second_before, first_total, second_total;
};

/// Counts flags in the order of the threads. `counts` is shared memory for one call; a thread may go on from one call
/// to the next without a barrier if the calls take turns between two of them.
template <int threads>
__device__ __forceinline__ FlagCounts count_flags(bool first, bool second, int* counts) {
    static_assert(threads < 1 << 15, "two counts share a word");
    const unsigned firsts = __ballot_sync(full_warp, first);
    const unsigned seconds = __ballot_sync(full_warp, second);
    if (lane_index() == 0) counts[warp_index()] = __popc(firsts) | __popc(seconds) << 16;
    __syncthreads();
    const unsigned lanes_before = (1u << lane_index()) - 1u;
    int before = __popc(firsts & lanes_before) | __popc(seconds & lanes_before) << 16;
    int total = 0;
    for (int warp = 0; warp < threads / warp_lanes; ++warp) {
        if (warp < warp_index()) before += counts[warp];
        total += counts[warp];
    }
    return {before & 0xffff, before >> 16, total & 0xffff, total >> 16};
}

} // namespace lposs::cuda
