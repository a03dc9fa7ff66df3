// CUDA C++ for a plain C++ compiler: what gpu.h includes where GPU_ON_HOST is 1.
//
//   device_types.h       vector types, dim3, threadIdx ...
//   device_sync.h        barriers, warp collectives, fences
//   device_atomics.h     atomicAdd ...
//   device_math.h        intrinsics on numbers and bits, cached loads
//   device_copies.h      cp.async
//   device_half.h        __half, __half2
//   host_api.h           cudaMalloc, streams, events, device properties
//   launch.h             what GPU_LAUNCH calls
//   control.h            for tests: thread order, kernels launched so far, leaks (C, exported)
//
// Not here, because it cannot be emulated: inline PTX, tensor cores, textures, clusters, cooperative grids, dynamic
// parallelism, and libraries whose headers need nvcc. Never seen here: speed, bank conflicts, coalescing, registers,
// missing order between streams (every call runs at once). Not tracked by the check flavour: __device__ and
// __constant__ variables, and arrays local to a thread (asan sees those).
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <tuple>
#include <type_traits>

#define __global__
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))

namespace emulator {

/// A place in a source file; as a default argument, the place of the call.
struct Site {
    const char* file;
    int line;
    static constexpr Site here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
        return {file, line};
    }
    friend constexpr bool operator==(Site a, Site b) { return a.file == b.file && a.line == b.line; }
};

/// The bytes of a value of at most 8 bytes, and back.
template <class T>
__forceinline__ std::uint64_t to_bits(T value) {
    static_assert(sizeof(T) <= 8 && std::is_trivially_copyable_v<T>, "a value of at most 8 bytes");
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof value);
    return bits;
}

template <class T>
__forceinline__ T from_bits(std::uint64_t bits) {
    T value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// A shared variable of a kernel: where it lies in the shared memory of the block that runs now.
struct SharedVariable {
    const char* name;
    unsigned long block; // serial number of the block that `address` belongs to
    void* address;
};
void* shared_address(SharedVariable& variable, std::size_t bytes, std::size_t alignment);
void* dynamic_shared_address();

} // namespace emulator

#define EMULATOR_SHARED(T, name, ...)                                                                                  \
    static ::emulator::SharedVariable name##_variable = {#name, 0, nullptr};                                           \
    using name##_type = T __VA_ARGS__;                                                                                 \
    name##_type& name = *static_cast<name##_type*>(                                                                    \
        ::emulator::shared_address(name##_variable, sizeof(name##_type), alignof(name##_type)))

#define EMULATOR_DYN_SHARED(T, name) T* const name = static_cast<T*>(::emulator::dynamic_shared_address())

#include "emulator/device_types.h"

#include "emulator/device_half.h"

#include "emulator/device_atomics.h"
#include "emulator/device_copies.h"
#include "emulator/device_math.h"
#include "emulator/device_sync.h"

#include "emulator/host_api.h"

#include "emulator/control.h"
#include "emulator/launch.h"
