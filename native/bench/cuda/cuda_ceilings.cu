// What a GPU can do at most: copying between buffers far larger than its cache, and independent chains of
// multiply-adds in registers. Best of a few runs, timed by events.
#include "cuda/cuda_ceilings.h"

#include <cuda_runtime.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

constexpr int threads = 256;
constexpr int chains = 8;
constexpr int rounds = 4096;

// ---------------------------------------------------------------------------- kernels

__global__ void copy_kernel(const float4* from, float4* to, long long count) {
    const long long step = static_cast<long long>(gridDim.x) * blockDim.x;
    for (long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step)
        to[i] = from[i];
}

__global__ void fill_kernel(float4* to, long long count) {
    const long long step = static_cast<long long>(gridDim.x) * blockDim.x;
    for (long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step) {
        const float value = static_cast<float>(i & 1023);
        to[i] = make_float4(value, -value, 0.5f * value, 1.0f);
    }
}

__global__ void multiply_add_kernel(float factor, float* result) {
    float sum[chains];
#pragma unroll
    for (int c = 0; c < chains; ++c) sum[c] = static_cast<float>(threadIdx.x + c);
    for (int round = 0; round < rounds; ++round) {
#pragma unroll
        for (int c = 0; c < chains; ++c) sum[c] = fmaf(sum[c], factor, 0.5f);
    }
    float total = 0.0f;
#pragma unroll
    for (int c = 0; c < chains; ++c) total += sum[c];
    if (total == 12345.678f) *result = total; // never; but the compiler does not know
}

// ---------------------------------------------------------------------------- launchers

void check(cudaError_t error, const char* what) {
    if (error != cudaSuccess) throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(error));
}

/// Seconds of the best of five launches after one to warm up.
template <class Launch>
double best_seconds(Launch&& launch) {
    cudaEvent_t begin{}, end{};
    check(cudaEventCreate(&begin), "cudaEventCreate");
    check(cudaEventCreate(&end), "cudaEventCreate");
    double best = 0.0;
    for (int run = 0; run < 6; ++run) {
        check(cudaEventRecord(begin), "cudaEventRecord");
        launch();
        check(cudaGetLastError(), "a ceiling's kernel");
        check(cudaEventRecord(end), "cudaEventRecord");
        check(cudaEventSynchronize(end), "cudaEventSynchronize");
        float ms = 0.0f;
        check(cudaEventElapsedTime(&ms, begin, end), "cudaEventElapsedTime");
        const double seconds = 1e-3 * static_cast<double>(ms);
        if (run > 0) best = best == 0.0 ? seconds : std::min(best, seconds);
    }
    cudaEventDestroy(begin);
    cudaEventDestroy(end);
    return best;
}

} // namespace

CudaCeilings measure_cuda_ceilings(int index) {
    check(cudaSetDevice(index), "cudaSetDevice");
    int processors = 0;
    check(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, index), "cudaDeviceGetAttribute");
    const unsigned blocks = static_cast<unsigned>(processors) * 16;

    constexpr long long bytes = 1LL << 30;
    constexpr long long count = bytes / static_cast<long long>(sizeof(float4));
    float4 *from = nullptr, *to = nullptr;
    check(cudaMalloc(&from, bytes), "cudaMalloc");
    check(cudaMalloc(&to, bytes), "cudaMalloc");
    fill_kernel<<<blocks, threads>>>(from, count);
    CudaCeilings ceilings;
    const double copy = best_seconds([&] { copy_kernel<<<blocks, threads>>>(from, to, count); });
    ceilings.copy_gbps = 2.0 * static_cast<double>(bytes) / copy * 1e-9;

    const double multiply_add =
        best_seconds([&] { multiply_add_kernel<<<blocks, threads>>>(0.999f, reinterpret_cast<float*>(to)); });
    ceilings.peak_gflops = 2.0 * chains * rounds * static_cast<double>(blocks) * threads / multiply_add * 1e-9;
    check(cudaFree(from), "cudaFree");
    check(cudaFree(to), "cudaFree");
    return ceilings;
}

} // namespace bench
