// What CUDA C++ means: each check of a kernel has a number, and `failed` keeps the largest that did not hold.
#include "language.h"

namespace selftest {

static constexpr unsigned all_lanes = 0xffffffffu;

// ---------------------------------------------------------------------------- kernels

static __global__ void collectives_kernel(int* failed) {
    const int thread = int(threadIdx.x), lane = thread % 32, warp_start = thread - lane;
    const auto expect = [failed](int number, bool holds) {
        if (!holds) atomicMax(failed, number);
    };
    expect(1, __shfl_sync(all_lanes, thread, 3) == warp_start + 3);
    expect(2, __shfl_sync(all_lanes, lane, 5, 8) == lane / 8 * 8 + 5);
    expect(3, __shfl_up_sync(all_lanes, lane, 2) == (lane < 2 ? lane : lane - 2));
    expect(4, __shfl_down_sync(all_lanes, lane, 4, 16) == (lane % 16 + 4 > 15 ? lane : lane + 4));
    expect(5, __shfl_xor_sync(all_lanes, double(lane), 7) == double(lane ^ 7));
    expect(6, __ballot_sync(all_lanes, lane % 3 == 0) == 0x49249249u);
    expect(7, __all_sync(all_lanes, 1) == 1);
    expect(8, __all_sync(all_lanes, lane) == 0);
    expect(9, __any_sync(all_lanes, lane == 9) == 1);
    expect(10, __any_sync(all_lanes, 0) == 0);
    expect(11, __match_any_sync(all_lanes, lane / 8) == 0xffu << lane / 8 * 8);
    int equal = 0;
    expect(12, __match_all_sync(all_lanes, 7, &equal) == all_lanes);
    expect(13, equal == 1);
    expect(14, __match_all_sync(all_lanes, lane, &equal) == 0u);
    expect(15, __reduce_add_sync(all_lanes, -lane) == -496);
    expect(16, __reduce_min_sync(all_lanes, -lane) == -31);
    expect(17, __reduce_max_sync(all_lanes, -lane) == 0);
    expect(18, __reduce_max_sync(all_lanes, unsigned(-lane)) == unsigned(-1));
    expect(19, __reduce_or_sync(all_lanes, 1u << lane) == all_lanes);
    if (lane < 16)
        expect(20, __shfl_down_sync(0xffffu, lane, 1, 16) == (lane < 15 ? lane + 1 : 15));
    else
        expect(21, __popc(__ballot_sync(0xffff0000u, 1)) == 16);
    const int half_block = int(blockDim.x / 2);
    expect(22, __syncthreads_count(thread % 2) == half_block);
    expect(23, __syncthreads_or(thread == half_block) == 1);
    expect(24, __syncthreads_or(thread < 0) == 0);
    expect(25, __syncthreads_and(thread >= 0) == 1);
    expect(26, __syncthreads_and(thread < half_block) == 0);
    expect(27, __half2float(__shfl_sync(all_lanes, __float2half_rn(float(lane)), 9)) == 9.0f);
    expect(28, blockDim.x == 64 && gridDim.y == 3 && blockIdx.y < 3 && warpSize == 32);
}

static __global__ void atomics_kernel(int* ints, unsigned* counters, unsigned long long* wide, float* sum) {
    const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
    atomicAdd(&ints[0], i);
    atomicMin(&ints[1], -i);
    atomicMax(&ints[2], i);
    atomicSub(&ints[3], 1);
    atomicOr(&counters[0], 1u << i % 32);
    atomicAnd(&counters[1], ~(1u << i % 32));
    atomicXor(&counters[2], unsigned(i));
    atomicInc(&counters[3], 9);
    atomicDec(&counters[4], 9);
    atomicMax(wide, static_cast<unsigned long long>(i) << 40);
    atomicAdd(sum, 0.5f);
    int seen = atomicAdd(&ints[4], 0); // a compare-and-swap loop: ints[4] = product of odd numbers modulo 2^16
    for (int expected = -1; seen != expected;) {
        expected = seen;
        seen = atomicCAS(&ints[4], expected, expected * (2 * i + 1) & 0xffff);
    }
    if (atomicExch(&counters[5], 1u) == 0) atomicAdd(&counters[6], 1u);
}

template <int count>
static __device__ int sum_of(int value) {
    GPU_SHARED(int, cells, [count]);
    if (threadIdx.x < count) cells[threadIdx.x] = value;
    __syncthreads();
    int sum = 0;
    for (int i = 0; i < count; ++i) sum += cells[i];
    __syncthreads();
    return sum;
}

static __global__ void shared_kernel(int* out) {
    const int seven = sum_of<7>(1), more = sum_of<32>(2) + sum_of<7>(3);
    if (threadIdx.x == 0) out[blockIdx.x] = seven * 1000 + more;
}

static __global__ void count_by_activemask_kernel(int n, int* counter) {
    const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= n) return;
    const unsigned active = __activemask();
    if (int(threadIdx.x % 32) == __ffs(int(active)) - 1) atomicAdd(counter, __popc(active));
}

static __global__ void wait_for_kernel(int* flag) {
    if (threadIdx.x == 0) {
        while (atomicAdd(flag, 0) == 0) __nanosleep(100);
        atomicAdd(flag, 1);
    } else if (threadIdx.x == 32) {
        atomicAdd(flag, 1);
    }
}

// ---------------------------------------------------------------------------- launchers

void collectives(int* failed) {
    GPU_LAUNCH(collectives_kernel, dim3(1, 3), 64, 0, nullptr, failed);
}
void atomics(int* ints, unsigned* counters, unsigned long long* wide, float* sum) {
    GPU_LAUNCH(atomics_kernel, 2, 64, 0, nullptr, ints, counters, wide, sum);
}
void shared(int* out, unsigned blocks) {
    GPU_LAUNCH(shared_kernel, blocks, 64, 0, nullptr, out);
}
void count_by_activemask(int n, int* counter) {
    GPU_LAUNCH(count_by_activemask_kernel, 4, 64, 0, nullptr, n, counter);
}
void wait_for(int* flag) {
    GPU_LAUNCH(wait_for_kernel, 1, 64, 0, nullptr, flag);
}

} // namespace selftest
