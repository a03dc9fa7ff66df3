// One small kernel for each kind of error.
#include "bug_zoo.h"

#include "cuda/runtime/async_copy.cuh"

namespace selftest {

static constexpr unsigned all_lanes = 0xffffffffu;

// ---------------------------------------------------------------------------- kernels

/// reversed[i] = i of the mirrored lane, by way of shared memory.
template <int fence> // 0: none, 1: a shuffle, which is none, 2: __syncwarp
static __global__ void mirror_kernel(int* out) {
    GPU_SHARED(int, cells, [32]);
    const int lane = int(threadIdx.x);
    cells[lane] = lane;
    if (fence == 1) __shfl_sync(all_lanes, lane, 0);
    if (fence == 2) __syncwarp();
    out[lane] = cells[31 - lane];
}

/// out[i] = in[i] by way of shared memory; waits for all groups of copies but the last `groups`, or for none.
template <int groups>
static __global__ void copy_asynchronously_kernel(const float* in, float* out) {
    GPU_SHARED(float, cells, [32]);
    const int lane = int(threadIdx.x);
    lposs::cuda::copy_async(&cells[lane], in + lane, true);
    lposs::cuda::end_copy_group();
    if (groups >= 0) lposs::cuda::wait_for_copies<(groups < 0 ? 0 : groups)>();
    out[lane] = cells[lane];
}

static __global__ void smooth_in_place_kernel(float* values, int n) {
    const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
    if (i + 1 < n) values[i] = 0.5f * (values[i] + values[i + 1]);
}

static __global__ void any_zero_kernel(const int* in, int* out) {
    GPU_SHARED(int, found);
    if (threadIdx.x == 0) found = 0;
    __syncthreads();
    if (in[threadIdx.x] == 0) found = 1; // by many threads
    __syncthreads();
    if (threadIdx.x == 0) *out = found;
}

static __global__ void shared_overrun_kernel(int* out) {
    GPU_SHARED(int, cells, [64]);
    cells[threadIdx.x + 1] = 1;
    __syncthreads();
    out[threadIdx.x] = cells[threadIdx.x + 1];
}

static __global__ void local_overrun_kernel(int* out, int index) {
    int cells[4] = {1, 2, 3, 4};
    cells[index] = 7;
    out[threadIdx.x] = cells[threadIdx.x & 3];
}

static __global__ void two_barriers_kernel(int* out) {
    if (threadIdx.x < 32) {
        out[threadIdx.x] = 1;
        __syncthreads();
    } else {
        __syncthreads();
        out[threadIdx.x] = 2;
    }
}

static __global__ void misaligned_kernel(float* values) {
    float4* const vectors = reinterpret_cast<float4*>(values + 1);
    float4 v = vectors[0];
    v.x += v.y + v.z + v.w;
    vectors[1] = v;
}

static __global__ void idle_lanes_kernel(int* out) {
    const int lane = int(threadIdx.x);
    if (lane < 20) out[lane] = __shfl_sync(all_lanes, lane, 0);
}

static __global__ void mixed_atomic_kernel(int* counter) {
    if (threadIdx.x & 1)
        atomicAdd(counter, 1);
    else if (threadIdx.x == 0)
        *counter = 5;
}

static __global__ void copy_kernel(const int* in, int* out) {
    out[threadIdx.x] = in[threadIdx.x];
}

static __global__ void fill_kernel(int* out, int count) {
    for (int i = int(threadIdx.x); i < count; i += int(blockDim.x)) out[i] = i;
}

static __global__ void count_past_end_kernel(int* counters, int count) {
    atomicAdd(&counters[count], 1);
}

static __global__ void dynamic_kernel(int* out) {
    GPU_DYN_SHARED(int, cells);
    cells[threadIdx.x] = int(threadIdx.x);
    out[threadIdx.x] = cells[threadIdx.x];
}

static __global__ void deep_kernel(int* out, int depth) {
    volatile char frame[1 << 20];
    frame[0] = char(depth);
    out[0] = frame[0];
}

// ---------------------------------------------------------------------------- launchers

void mirror(int* out, int fence) {
    if (fence == 0) GPU_LAUNCH(mirror_kernel<0>, 1, 32, 0, nullptr, out);
    if (fence == 1) GPU_LAUNCH(mirror_kernel<1>, 1, 32, 0, nullptr, out);
    if (fence == 2) GPU_LAUNCH(mirror_kernel<2>, 1, 32, 0, nullptr, out);
}
void copy_asynchronously(const float* in, float* out, int groups) {
    if (groups == -1) GPU_LAUNCH(copy_asynchronously_kernel<-1>, 1, 32, 0, nullptr, in, out);
    if (groups == 0) GPU_LAUNCH(copy_asynchronously_kernel<0>, 1, 32, 0, nullptr, in, out);
    if (groups == 1) GPU_LAUNCH(copy_asynchronously_kernel<1>, 1, 32, 0, nullptr, in, out);
}
void smooth_in_place(float* values, int n) {
    GPU_LAUNCH(smooth_in_place_kernel, unsigned(n + 127) / 128, 128, 0, nullptr, values, n);
}
void any_zero(const int* in, int* out) {
    GPU_LAUNCH(any_zero_kernel, 1, 64, 0, nullptr, in, out);
}
void shared_overrun(int* out) {
    GPU_LAUNCH(shared_overrun_kernel, 1, 64, 0, nullptr, out);
}
void local_overrun(int* out, int index) {
    GPU_LAUNCH(local_overrun_kernel, 1, 32, 0, nullptr, out, index);
}
void two_barriers(int* out) {
    GPU_LAUNCH(two_barriers_kernel, 1, 64, 0, nullptr, out);
}
void misaligned(float* values) {
    GPU_LAUNCH(misaligned_kernel, 1, 1, 0, nullptr, values);
}
void idle_lanes(int* out) {
    GPU_LAUNCH(idle_lanes_kernel, 1, 32, 0, nullptr, out);
}
void mixed_atomic(int* counter) {
    GPU_LAUNCH(mixed_atomic_kernel, 1, 32, 0, nullptr, counter);
}
void copy(const int* in, int* out, unsigned threads, cudaStream_t stream) {
    GPU_LAUNCH(copy_kernel, 1, threads, 0, stream, in, out);
}
void fill(int* out, int count) {
    GPU_LAUNCH(fill_kernel, 1, 32, 0, nullptr, out, count);
}
void count_past_end(int* counters, int count) {
    GPU_LAUNCH(count_past_end_kernel, 1, 1, 0, nullptr, counters, count);
}
void dynamic(int* out, std::size_t bytes, bool with_attribute) {
    if (with_attribute)
        GPU_CHECK(cudaFuncSetAttribute(dynamic_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, int(bytes)));
    GPU_LAUNCH(dynamic_kernel, 1, 64, bytes, nullptr, out);
}
void deep(int* out) {
    GPU_LAUNCH(deep_kernel, 1, 1, 0, nullptr, out, 3);
}

} // namespace selftest
