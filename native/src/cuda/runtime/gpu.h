// The only CUDA header of the kernels and of the host code beside them.
//
// One source, two machines. nvcc compiles it for a GPU. Where GPU_ON_HOST is 1, a plain C++ compiler does, and the
// emulator in native/emulator runs the kernels: on one CPU thread, each CUDA thread as a fiber, with guards
// around memory and a choice of thread orders, so that errors show on a machine without a GPU.
//
// Kernels keep to nine rules; most are what CUDA asks for anyway, the others are what the emulator needs.
//  1. This header is the only include of CUDA. Launch with GPU_LAUNCH, naming the kernel in the call (a function
//     pointer would hide its name from the reports); no <<<>>>. C++17. PTX only inside a small __device__ wrapper that
//     has a second branch for GPU_ON_HOST.
//  2. Shared memory is declared with GPU_SHARED and GPU_DYN_SHARED. Raw __shared__ does not compile on the host.
//  3. Every thread of a block reaches every __syncthreads(), one barrier a source line: no return before a barrier or a
//     warp collective; guard the work with an `if` instead.
//  4. The mask of a warp collective names exactly the lanes that arrive, all of them at the same line. Blocks are
//     multiples of 32. __activemask() proves nothing. A shuffle is no memory fence: between a store to shared memory
//     and another lane's load stands __syncwarp() or __syncthreads().
//  5. Two threads never write one location without an order, not even the same value: one thread writes, or atomicOr,
//     or __syncthreads_or(). No update in place reads what other blocks write. What a block hands to a later block
//     through an atomic ticket has __threadfence() on both sides.
//  6. __restrict__ only where it is true.
//  7. Arithmetic on __half by intrinsics, conversions explicit, sums in float.
//  8. A __device__ function that returns a struct or vector is __forceinline__ (else the compiler does not show its
//     stores to the race checker). Nothing of std:: in device code but constexpr numbers and type traits.
//  9. Parameters go by value: numbers, device pointers, plain structs. __constant__ and __device__ variables live at
//     namespace scope. GPU_LAUNCH refuses arguments that would have to be narrowed.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

#if GPU_ON_HOST
#include "emulator/cuda.h"
#else
#include <cuda_fp16.h>
#include <cuda_runtime.h>
#endif

namespace gpu {

/// A CUDA call or a kernel failed. On the host the text also says where: kernel, block, thread, file:line.
class Error : public std::runtime_error {
public:
    Error(cudaError_t code, const std::string& text) : std::runtime_error(text), code_(code) {}
    cudaError_t code() const noexcept { return code_; }

private:
    cudaError_t code_;
};

/// Throws gpu::Error unless `status` is cudaSuccess; `what` names the call that gave it.
inline void check(cudaError_t status, const char* what) {
    if (status != cudaSuccess)
        throw Error(status, std::string(what) + ": " + cudaGetErrorName(status) + ", " + cudaGetErrorString(status));
}

/// `argument` as a kernel parameter; a conversion that loses range or precision does not compile.
template <class Parameter, class Argument>
constexpr Parameter without_narrowing(Argument&& argument) {
    return Parameter{std::forward<Argument>(argument)};
}

#if !GPU_ON_HOST

// A pool that cuts buffers out of one allocation says so here; else an overrun from one buffer into the next would look
// legal to the emulator. On a GPU these do nothing.

/// Bytes for the pool to leave free behind each buffer.
constexpr std::size_t arena_gap = 0;
/// From now on, nothing of [base, base + bytes) may be touched but what arena_take() hands out.
inline void arena_open(void* /*base*/, std::size_t /*bytes*/) {}
/// [buffer, buffer + bytes) is handed out, its contents undefined. Throws std::invalid_argument on an overlap.
inline void arena_take(void* /*buffer*/, std::size_t /*bytes*/, const char* /*name*/) {}
/// A buffer that arena_take() handed out may no longer be touched.
inline void arena_give_back(void* /*buffer*/) {}
/// The arena is an ordinary allocation again.
inline void arena_close(void* /*base*/, std::size_t /*bytes*/) {}

#endif

#if defined(__CUDACC__)

/// Whether the environment asks that each kernel is waited for (LPOSS_CUDA_SYNC=1), so that a fault is laid to the
/// kernel that made it, and not to whatever waits for the stream next.
inline bool waits_for_each_kernel() {
    static const bool waits = [] {
        const char* value = std::getenv("LPOSS_CUDA_SYNC");
        return value && *value && !(value[0] == '0' && !value[1]);
    }();
    return waits;
}

template <class... Parameters, class... Arguments>
void launch(const char* name, const char*, int, void (*kernel)(Parameters...), dim3 grid, dim3 block,
            std::size_t shared_bytes, cudaStream_t stream, Arguments&&... arguments) {
    static_assert(sizeof...(Parameters) == sizeof...(Arguments), "wrong number of kernel arguments");
    kernel<<<grid, block, shared_bytes, stream>>>(without_narrowing<Parameters>(std::forward<Arguments>(arguments))...);
    check(cudaGetLastError(), name);
    if (waits_for_each_kernel()) check(cudaStreamSynchronize(stream), name);
}

#elif GPU_ON_HOST

template <class... Parameters, class... Arguments>
void launch(const char* name, const char* file, int line, void (*kernel)(Parameters...), dim3 grid, dim3 block,
            std::size_t shared_bytes, cudaStream_t stream, Arguments&&... arguments) {
    static_assert(sizeof...(Parameters) == sizeof...(Arguments), "wrong number of kernel arguments");
    const std::tuple<Parameters...> parameters(without_narrowing<Parameters>(std::forward<Arguments>(arguments))...);
    const auto failure = emulator::launch({name, {file, line}, grid, block, shared_bytes, stream}, kernel, parameters);
    if (failure.code != cudaSuccess) throw Error(failure.code, failure.text);
}

#endif

} // namespace gpu

/// GPU_LAUNCH(kernel, grid, block, shared_bytes, stream, arguments...): launches and throws gpu::Error if that failed.
/// A kernel template with commas goes in parentheses.
#define GPU_LAUNCH(kernel, ...) ::gpu::launch(#kernel, __FILE__, __LINE__, kernel, __VA_ARGS__)

/// GPU_CHECK(cudaMemsetAsync(...)): throws gpu::Error, which names the call, unless it succeeded.
#define GPU_CHECK(call) ::gpu::check(call, #call)

#if GPU_ON_HOST

#define GPU_SHARED(T, name, ...) EMULATOR_SHARED(T, name, __VA_ARGS__)
#define GPU_DYN_SHARED(T, name) EMULATOR_DYN_SHARED(T, name)
#define GPU_UNROLL
#define GPU_UNROLL_BY(count)
#define GPU_NO_UNROLL

#else

/// GPU_SHARED(float, tile, [16][17]); declares a shared array, GPU_SHARED(int, total); a shared variable.
#define GPU_SHARED(T, name, ...) __shared__ T name __VA_ARGS__
/// GPU_DYN_SHARED(float, tile); makes `float* const tile` the start of the launch's dynamic shared memory.
#define GPU_DYN_SHARED(T, name)                                                                                        \
    extern __shared__ __align__(16) unsigned char gpu_dynamic_shared[];                                                \
    T* const name = reinterpret_cast<T*>(gpu_dynamic_shared)

/// Before a loop: unroll it fully, by a factor, or not at all.
#define GPU_UNROLL _Pragma("unroll")
#define GPU_UNROLL_BY(count) GPU_PRAGMA(unroll count)
#define GPU_NO_UNROLL _Pragma("unroll 1")
#define GPU_PRAGMA(text) _Pragma(#text)

#endif
