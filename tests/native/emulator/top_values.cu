// The k largest of n bytes, in order, by one block: a histogram finds the k-th value, ballots collect what is at least
// as large, ranks put it in order.
#include "kernels.h"

namespace selftest {

static constexpr int block_size = 128, warps = block_size / 32, most = 64;
static constexpr unsigned all_lanes = 0xffffffffu;

// ---------------------------------------------------------------------------- kernel

template <Bug bug>
static __global__ void __launch_bounds__(block_size)
    top_values_kernel(const unsigned char* __restrict__ values, int n, int k, unsigned char* __restrict__ top) {
    GPU_SHARED(int, threshold);
    GPU_SHARED(int, equal_wanted); // how many of the values equal to the threshold belong to the top
    GPU_SHARED(int, counts, [2][warps]);
    GPU_SHARED(unsigned char, kept, [most]);
    GPU_SHARED(int, histogram, [256]);
    const int thread = int(threadIdx.x), lane = thread % 32, warp = thread / 32;
    if (bug == Bug::early_return && thread >= n) return;

    for (int bin = thread; bin < (bug == Bug::bin_not_cleared ? 255 : 256); bin += block_size) histogram[bin] = 0;
    __syncthreads();
    for (int i = thread; i < n; i += block_size) atomicAdd(&histogram[values[i]], 1);
    __syncthreads();
    if (thread == 0) {
        int bin = 255, above = 0;
        while (above + histogram[bin] < k) above += histogram[bin--];
        threshold = bin;
        equal_wanted = k - above;
    }
    __syncthreads();

    int larger_before = 0, equal_before = 0;
    for (int start = 0; start < n; start += block_size) {
        const int i = start + thread;
        const int value = i < n ? values[i] : -1;
        const unsigned larger = __ballot_sync(all_lanes, value > threshold);
        const unsigned equal = __ballot_sync(all_lanes, value == threshold);
        if (lane == 0) {
            counts[0][warp] = __popc(larger);
            counts[1][warp] = __popc(equal);
        }
        __syncthreads();
        int larger_rank = larger_before, equal_rank = equal_before;
        for (int w = 0; w < warps; ++w) {
            if (w < warp) larger_rank += counts[0][w], equal_rank += counts[1][w];
            larger_before += counts[0][w];
            equal_before += counts[1][w];
        }
        const unsigned below = (1u << lane) - 1u;
        larger_rank += __popc(larger & below);
        equal_rank += __popc(equal & below);
        const int equal_limit = bug == Bug::store_past_end ? equal_wanted + 1 : equal_wanted;
        if (value > threshold) kept[larger_rank] = static_cast<unsigned char>(value);
        if (value == threshold && equal_rank < equal_limit)
            kept[k - equal_wanted + equal_rank] = static_cast<unsigned char>(value);
        __syncthreads();
    }

    if (thread < k) {
        int rank = 0;
        for (int i = 0; i < k; ++i) rank += kept[i] > kept[thread] || (kept[i] == kept[thread] && i < thread);
        top[rank] = kept[thread];
    }
}

// ---------------------------------------------------------------------------- launcher

template <Bug bug>
static void launch(const unsigned char* values, int n, int k, unsigned char* top) {
    GPU_LAUNCH(top_values_kernel<bug>, 1, block_size, 0, nullptr, values, n, k, top);
}

void top_values(const unsigned char* values, int n, int k, unsigned char* top, Bug bug) {
    switch (bug) {
    case Bug::early_return:
        return launch<Bug::early_return>(values, n, k, top);
    case Bug::bin_not_cleared:
        return launch<Bug::bin_not_cleared>(values, n, k, top);
    case Bug::store_past_end:
        return launch<Bug::store_past_end>(values, n, k, top);
    default:
        return launch<Bug::none>(values, n, k, top);
    }
}

} // namespace selftest
