// What a GPU can do at most: copying between buffers far larger than its cache, and independent chains of
// multiply-adds in registers; reads of what fits the second cache, chains of special functions, and empty launches.
// Best of a few runs, timed by events.
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

/// Each block reads all of it, past the first cache.
__global__ void read_kernel(const float4* from, int count, float* result) {
    float sum = 0.0f;
#pragma unroll 8
    for (int i = static_cast<int>(threadIdx.x); i < count; i += threads) {
        const int at = (i + static_cast<int>(blockIdx.x) * 4096) % count; // not all at one place
        const float4 value = __ldcg(from + at);
        sum += value.x + value.y + value.z + value.w;
    }
    if (sum == 12345.678f) *result = sum;
}

__global__ void special_kernel(float start, float* result) {
    float powers[chains];
#pragma unroll
    for (int c = 0; c < chains; ++c) powers[c] = start + static_cast<float>(c) * 1e-3f;
    for (int round = 0; round < rounds; ++round) {
#pragma unroll
        for (int c = 0; c < chains; ++c) asm volatile("ex2.approx.ftz.f32 %0, %0;" : "+f"(powers[c]));
    }
    float total = 0.0f;
#pragma unroll
    for (int c = 0; c < chains; ++c) total += powers[c];
    if (total == 12345.678f) *result = total;
}

__global__ void empty_kernel() {}

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

    constexpr int cached = (16 << 20) / static_cast<int>(sizeof(float4));
    const unsigned readers = static_cast<unsigned>(processors) * 8;
    const double read =
        best_seconds([&] { read_kernel<<<readers, threads>>>(from, cached, reinterpret_cast<float*>(to)); });
    ceilings.cache_gbps = static_cast<double>(readers) * cached * sizeof(float4) / read * 1e-9;

    const double special =
        best_seconds([&] { special_kernel<<<blocks, threads>>>(0.5f, reinterpret_cast<float*>(to)); });
    ceilings.special_gops = 1.0 * chains * rounds * static_cast<double>(blocks) * threads / special * 1e-9;

    constexpr int launches = 1000;
    const double empty = best_seconds([&] {
        for (int i = 0; i < launches; ++i) empty_kernel<<<1, 32>>>();
    });
    ceilings.launch_us = empty / launches * 1e6;
    check(cudaFree(from), "cudaFree");
    check(cudaFree(to), "cudaFree");
    return ceilings;
}

} // namespace bench
