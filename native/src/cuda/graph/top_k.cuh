// The k largest of n floats, exactly, by one block: a radix select over order-preserving keys finds the k-th largest
// value (three digits of 11, 11 and 10 bits, a histogram of each in shared memory), then the values above it, and as
// many of its equals as there is room for, are handed out in the order of their index. So ties go to the lower index,
// and the order of the threads decides nothing.
#pragma once

#include "cuda/runtime/block.cuh"

namespace lposs::cuda {

// Few on the host, so that small rows take several turns there.
constexpr int select_threads = GPU_ON_HOST ? 64 : 256;
constexpr int digit_values = 2048;

/// Unsigned numbers in the order of the floats; -0 and 0 are equal.
__device__ __forceinline__ unsigned sort_key(float value) {
    const unsigned bits = value == 0.0f ? 0u : __float_as_uint(value);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

/// The key of the k-th largest value, and how many values of this key are among the k largest.
struct Threshold {
    unsigned key;
    int wanted;
};

/// Adds the digit at `shift` to the threshold, whose higher bits (`known`) are found already.
__device__ __forceinline__ Threshold add_digit(const float* values, int n, Threshold threshold, unsigned known,
                                               int shift, unsigned digit_mask) {
    GPU_SHARED(int, histogram, [digit_values]);
    GPU_SHARED(Threshold, found);
    const int thread = static_cast<int>(threadIdx.x);
    for (int i = thread; i < digit_values; i += select_threads) histogram[i] = 0;
    __syncthreads();
    for (int i = thread; i < n; i += select_threads) {
        const unsigned key = sort_key(values[i]);
        if ((key & known) == threshold.key) atomicAdd(&histogram[key >> shift & digit_mask], 1);
    }
    __syncthreads();

    constexpr int bins = digit_values / select_threads; // of each thread, the first thread has the highest
    const int top = digit_values - 1 - thread * bins;
    int mine = 0;
    for (int i = 0; i < bins; ++i) mine += histogram[top - i];
    int above = block_sum_before<select_threads>(mine);
    if (above < threshold.wanted && threshold.wanted <= above + mine) {
        int digit = top;
        while (above + histogram[digit] < threshold.wanted) above += histogram[digit--];
        found.key = threshold.key | static_cast<unsigned>(digit) << shift;
        found.wanted = threshold.wanted - above;
    }
    __syncthreads();
    const Threshold result = {found.key, found.wanted};
    __syncthreads();
    return result;
}

/// Calls write(rank, index, value) for the k largest of values[0..n), 1 <= k <= n, in the order of the indices; every
/// thread of a block of select_threads comes here.
template <class Write>
__device__ __forceinline__ void select_top_k(const float* values, int n, int k, const Write& write) {
    Threshold threshold = {0u, k};
    threshold = add_digit(values, n, threshold, 0u, 21, 0x7ffu);
    threshold = add_digit(values, n, threshold, 0xffe00000u, 10, 0x7ffu);
    threshold = add_digit(values, n, threshold, 0xfffffc00u, 0, 0x3ffu);

    GPU_SHARED(int, counts, [2][select_threads / warp_lanes]);
    int above = 0, equal = 0; // seen so far
    for (int begin = 0, turn = 0; begin < n; begin += select_threads, turn ^= 1) {
        const int i = begin + static_cast<int>(threadIdx.x);
        const float value = i < n ? values[i] : 0.0f;
        const unsigned key = sort_key(value);
        const bool is_above = i < n && key > threshold.key;
        const bool is_equal = i < n && key == threshold.key;
        const FlagCounts flags = count_flags<select_threads>(is_above, is_equal, counts[turn]);
        const int equal_before = equal + flags.second_before;
        if (is_above || (is_equal && equal_before < threshold.wanted))
            write(above + flags.first_before + min(equal_before, threshold.wanted), i, value);
        above += flags.first_total;
        equal += flags.second_total;
    }
}

} // namespace lposs::cuda
