// What GPU_LAUNCH calls, and the arenas of gpu.h.
#pragma once

namespace emulator {

struct LaunchRequest {
    const char* name; // the kernel as it is written in the launch
    Site site;
    dim3 grid, block;
    std::size_t shared_bytes;
    cudaStream_t stream;
};

struct Failure {
    cudaError_t code; // cudaSuccess: none
    std::string text;
};

/// Runs call(context) as every thread of the grid. `pointers`: the parameters that are pointers.
Failure run(const LaunchRequest& request, const void* kernel, void (*call)(const void*), const void* context,
            const void* const* pointers, std::size_t pointer_count);

template <class T>
const void* as_pointer(const T& parameter) {
    if constexpr (std::is_pointer_v<T>)
        return parameter;
    else
        return nullptr;
}

template <class... Parameters>
Failure launch(const LaunchRequest& request, void (*kernel)(Parameters...),
               const std::tuple<Parameters...>& parameters) {
    struct Call {
        void (*kernel)(Parameters...);
        const std::tuple<Parameters...>& parameters;
    };
    const Call call{kernel, parameters};
    const auto run_thread = [](const void* context) {
        const Call& self = *static_cast<const Call*>(context);
        std::apply(self.kernel, self.parameters);
    };
    return std::apply(
        [&](const auto&... parameter) {
            const void* const pointers[] = {nullptr, as_pointer(parameter)...};
            return run(request, reinterpret_cast<const void*>(kernel), run_thread, &call, pointers + 1,
                       sizeof...(Parameters));
        },
        parameters);
}

} // namespace emulator

namespace gpu {

// See the other branch in gpu.h. The gap is what an overrun hits.
constexpr std::size_t arena_gap = 256;
void arena_open(void* base, std::size_t bytes);
void arena_take(void* buffer, std::size_t bytes, const char* name);
void arena_give_back(void* buffer);
void arena_close(void* base, std::size_t bytes);

} // namespace gpu
