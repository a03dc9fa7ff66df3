#include "emulator/runtime/handles.h"
#include "emulator/runtime/lock.h"
#include "emulator/runtime/memory.h"
#include "emulator/runtime/shadow.h"
#include "emulator/runtime/shared_memory.h"

#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

namespace emulator {

using Clock = std::chrono::steady_clock;

struct Event {
    bool timed, recorded;
    Clock::time_point time;
};
struct Handles {
    std::uintptr_t next = 0x1000; // never a number twice: a destroyed handle stays wrong
    std::set<cudaStream_t> streams;
    std::map<cudaEvent_t, Event> events;
    std::map<char*, std::size_t> pinned;
    CopiedBytes copied{};
    std::uint64_t misuses = 0;
    cudaError_t misuse_code = cudaSuccess;
    std::string misuse_text;
};
static Handles& handles() {
    static Handles* const instance = new Handles;
    return *instance;
}
static __thread cudaError_t last_error;

// ---------------------------------------------------------------------------- errors

static cudaError_t result(cudaError_t code) {
    if (code != cudaSuccess) last_error = code;
    return code;
}

cudaError_t misuse(cudaError_t code, const char* pattern, ...) {
    char text[700];
    va_list arguments;
    va_start(arguments, pattern);
    std::vsnprintf(text, sizeof text, pattern, arguments);
    va_end(arguments);
    ++handles().misuses;
    handles().misuse_code = code;
    handles().misuse_text = text;
    return result(code);
}

CopiedBytes copied_bytes() { return handles().copied; }

std::uint64_t misuses() { return handles().misuses; }
const char* last_misuse() { return handles().misuse_text.c_str(); }

struct ErrorName {
    cudaError_t code;
    const char *name, *text;
};
static constexpr ErrorName error_names[] = {
    {cudaSuccess, "cudaSuccess", "no error"},
    {cudaErrorInvalidValue, "cudaErrorInvalidValue", "invalid argument"},
    {cudaErrorMemoryAllocation, "cudaErrorMemoryAllocation", "out of memory"},
    {cudaErrorInitializationError, "cudaErrorInitializationError", "initialization error"},
    {cudaErrorInvalidConfiguration, "cudaErrorInvalidConfiguration", "invalid configuration argument"},
    {cudaErrorInvalidMemcpyDirection, "cudaErrorInvalidMemcpyDirection", "invalid copy direction for memcpy"},
    {cudaErrorInsufficientDriver, "cudaErrorInsufficientDriver", "CUDA driver version is insufficient"},
    {cudaErrorNoDevice, "cudaErrorNoDevice", "no CUDA-capable device is detected"},
    {cudaErrorInvalidDevice, "cudaErrorInvalidDevice", "invalid device ordinal"},
    {cudaErrorInvalidResourceHandle, "cudaErrorInvalidResourceHandle", "invalid resource handle"},
    {cudaErrorNotReady, "cudaErrorNotReady", "device not ready"},
    {cudaErrorIllegalAddress, "cudaErrorIllegalAddress", "an illegal memory access was encountered"},
    {cudaErrorMisalignedAddress, "cudaErrorMisalignedAddress", "misaligned address"},
    {cudaErrorLaunchFailure, "cudaErrorLaunchFailure", "unspecified launch failure"},
    {cudaErrorNotSupported, "cudaErrorNotSupported", "operation not supported"},
    {cudaErrorUnknown, "cudaErrorUnknown", "unknown error"},
};

static const ErrorName& name_of(cudaError_t code) {
    for (const ErrorName& entry : error_names)
        if (entry.code == code) return entry;
    return error_names[sizeof error_names / sizeof *error_names - 1];
}

// ---------------------------------------------------------------------------- pointers and handles

bool is_stream(cudaStream_t stream) {
    return !stream || stream == cudaStreamLegacy || stream == cudaStreamPerThread || handles().streams.count(stream);
}

bool is_pinned(const void* address) {
    const auto next = handles().pinned.upper_bound(static_cast<char*>(const_cast<void*>(address)));
    if (next == handles().pinned.begin()) return false;
    const auto& [start, bytes] = *std::prev(next);
    return static_cast<const char*>(address) < start + bytes;
}

static cudaError_t no_stream(const char* call) {
    return misuse(cudaErrorInvalidResourceHandle, "%s: the stream does not exist (any more)", call);
}

static cudaError_t check_stream(cudaStream_t stream, const char* call) {
    return is_stream(stream) ? cudaSuccess : no_stream(call);
}

static Event* find_event(cudaEvent_t event, const char* call) {
    const auto found = handles().events.find(event);
    if (found != handles().events.end()) return &found->second;
    misuse(cudaErrorInvalidResourceHandle, "%s: the event does not exist (any more)", call);
    return nullptr;
}

/// A range that a call reads or writes: wholly in one device allocation, or no device memory at all.
static cudaError_t check_range(const void* address, std::size_t bytes, bool read, const char* call) {
    if (!address) return misuse(cudaErrorInvalidValue, "%s: a null pointer", call);
    if (!on_device(address)) return cudaSuccess;
    if (!is_allocated(address, bytes))
        return misuse(cudaErrorInvalidValue, "%s: %s %zu bytes from %s", call, read ? "reads" : "writes", bytes,
                      describe_address(address).c_str());
    if (read && !shadow::may_read(address, bytes))
        return misuse(cudaErrorInvalidValue, "%s: reads %zu bytes, of which some were never written, from %s", call,
                      bytes, describe_address(address).c_str());
    return cudaSuccess;
}

static cudaError_t check_kind(bool to_device, bool from_device, cudaMemcpyKind kind, const char* call) {
    if (kind == cudaMemcpyDefault) return cudaSuccess;
    const bool wants_to = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
    const bool wants_from = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
    if (to_device == wants_to && from_device == wants_from) return cudaSuccess;
    return misuse(cudaErrorInvalidMemcpyDirection, "%s: kind %d, but it goes to the %s from the %s", call, int(kind),
                  to_device ? "device" : "host", from_device ? "device" : "host");
}

static cudaError_t copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, const char* call) {
    if (bytes == 0) return cudaSuccess;
    if (const auto bad = check_range(to, bytes, false, call)) return bad;
    if (const auto bad = check_kind(on_device(to), on_device(from), kind, call)) return bad;
    // Device to device, what was never written may be copied: it stays unwritten.
    const bool within_device = on_device(to) && on_device(from);
    if (const auto bad = check_range(from, bytes, !within_device, call)) return bad;
    std::memmove(to, from, bytes);
    CopiedBytes& copied = handles().copied;
    if (within_device) {
        shadow::copied(to, from, bytes);
        copied.within_device += bytes;
    } else if (on_device(to)) {
        shadow::written(to, bytes);
        copied.to_device += bytes;
    } else if (on_device(from)) {
        copied.to_host += bytes;
    }
    return cudaSuccess;
}

// ---------------------------------------------------------------------------- allocation

cudaError_t allocate_device(void** address, std::size_t bytes, cudaStream_t stream) {
    const Lock lock;
    if (const auto bad = check_stream(stream, "cudaMalloc")) return bad;
    *address = nullptr;
    if (bytes == 0) return cudaSuccess;
    *address = allocate(bytes);
    return result(*address ? cudaSuccess : cudaErrorMemoryAllocation);
}

cudaError_t allocate_pinned(void** address, std::size_t bytes) {
    const Lock lock;
    *address = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
    if (!*address) return result(cudaErrorMemoryAllocation);
    handles().pinned[static_cast<char*>(*address)] = bytes;
    return cudaSuccess;
}

} // namespace emulator

using namespace emulator;

const char* cudaGetErrorName(cudaError_t code) { return name_of(code).name; }

const char* cudaGetErrorString(cudaError_t code) {
    const Lock lock;
    if (code == cudaSuccess || code != handles().misuse_code) return name_of(code).text;
    static thread_local char text[800];
    std::snprintf(text, sizeof text, "%s (%s)", name_of(code).text, handles().misuse_text.c_str());
    return text;
}

cudaError_t cudaPeekAtLastError() { return last_error; }
cudaError_t cudaGetLastError() {
    const cudaError_t code = last_error;
    last_error = cudaSuccess;
    return code;
}

cudaError_t cudaFreeAsync(void* address, cudaStream_t stream) {
    const Lock lock;
    if (const auto bad = check_stream(stream, "cudaFreeAsync")) return bad;
    if (!address || release_allocation(address)) return cudaSuccess;
    return misuse(cudaErrorInvalidValue, "cudaFree: not the start of a living allocation: %s",
                  describe_address(address).c_str());
}
cudaError_t cudaFree(void* address) { return cudaFreeAsync(address, nullptr); }

cudaError_t cudaFreeHost(void* address) {
    const Lock lock;
    if (!address) return cudaSuccess;
    if (!handles().pinned.erase(static_cast<char*>(address)))
        return misuse(cudaErrorInvalidValue, "cudaFreeHost: %p did not come from cudaHostAlloc", address);
    std::free(address);
    return cudaSuccess;
}

// ---------------------------------------------------------------------------- copies

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
    const Lock lock;
    if (const auto bad = check_stream(stream, "cudaMemcpyAsync")) return bad;
    return copy(to, from, bytes, kind, "cudaMemcpy");
}
cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
    return cudaMemcpyAsync(to, from, bytes, kind, nullptr);
}

cudaError_t cudaMemcpy2DAsync(void* to, std::size_t to_pitch, const void* from, std::size_t from_pitch,
                              std::size_t width, std::size_t height, cudaMemcpyKind kind, cudaStream_t stream) {
    const Lock lock;
    if (const auto bad = check_stream(stream, "cudaMemcpy2DAsync")) return bad;
    if (width > to_pitch || width > from_pitch)
        return misuse(cudaErrorInvalidValue, "cudaMemcpy2D: width %zu exceeds a pitch, %zu or %zu", width, to_pitch,
                      from_pitch);
    for (std::size_t row = 0; row < height; ++row)
        if (const auto bad = copy(static_cast<char*>(to) + row * to_pitch,
                                  static_cast<const char*>(from) + row * from_pitch, width, kind, "cudaMemcpy2D"))
            return bad;
    return cudaSuccess;
}
cudaError_t cudaMemcpy2D(void* to, std::size_t to_pitch, const void* from, std::size_t from_pitch, std::size_t width,
                         std::size_t height, cudaMemcpyKind kind) {
    return cudaMemcpy2DAsync(to, to_pitch, from, from_pitch, width, height, kind, nullptr);
}

cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream) {
    const Lock lock;
    if (const auto bad = check_stream(stream, "cudaMemsetAsync")) return bad;
    if (bytes == 0) return cudaSuccess;
    if (!on_device(to)) return misuse(cudaErrorInvalidValue, "cudaMemset: %p is not a device pointer", to);
    if (const auto bad = check_range(to, bytes, false, "cudaMemset")) return bad;
    std::memset(to, value, bytes);
    shadow::written(to, bytes);
    return cudaSuccess;
}
cudaError_t cudaMemset(void* to, int value, std::size_t bytes) { return cudaMemsetAsync(to, value, bytes, nullptr); }

cudaError_t cudaMemGetInfo(std::size_t* free_bytes, std::size_t* total_bytes) {
    const Lock lock;
    *total_bytes = memory_size();
    *free_bytes = memory_size() - std::min(memory_size(), live_bytes());
    return cudaSuccess;
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* address) {
    const Lock lock;
    void* const pointer = const_cast<void*>(address);
    if (on_device(address) && is_allocated(address, 1))
        *attributes = {cudaMemoryTypeDevice, 0, pointer, nullptr};
    else if (is_pinned(address))
        *attributes = {cudaMemoryTypeHost, 0, pointer, pointer};
    else
        *attributes = {cudaMemoryTypeUnregistered, -2, nullptr, pointer};
    return cudaSuccess;
}

// ---------------------------------------------------------------------------- streams and events

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
    const Lock lock;
    *stream = reinterpret_cast<cudaStream_t>(handles().next += 16);
    handles().streams.insert(*stream);
    return cudaSuccess;
}
cudaError_t cudaStreamCreate(cudaStream_t* stream) { return cudaStreamCreateWithFlags(stream, cudaStreamDefault); }

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    const Lock lock;
    return handles().streams.erase(stream) ? cudaSuccess : no_stream("cudaStreamDestroy");
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    const Lock lock;
    return check_stream(stream, "cudaStreamSynchronize");
}
cudaError_t cudaStreamQuery(cudaStream_t stream) {
    const Lock lock;
    return check_stream(stream, "cudaStreamQuery");
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
    const Lock lock;
    if (const auto bad = check_stream(stream, "cudaStreamWaitEvent")) return bad;
    return find_event(event, "cudaStreamWaitEvent") ? cudaSuccess : cudaErrorInvalidResourceHandle;
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
    const Lock lock;
    *event = reinterpret_cast<cudaEvent_t>(handles().next += 16);
    handles().events[*event] = {!(flags & cudaEventDisableTiming), false, {}};
    return cudaSuccess;
}
cudaError_t cudaEventCreate(cudaEvent_t* event) { return cudaEventCreateWithFlags(event, cudaEventDefault); }

cudaError_t cudaEventDestroy(cudaEvent_t event) {
    const Lock lock;
    if (!find_event(event, "cudaEventDestroy")) return cudaErrorInvalidResourceHandle;
    handles().events.erase(event);
    return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
    const Lock lock;
    if (const auto bad = check_stream(stream, "cudaEventRecord")) return bad;
    Event* const found = find_event(event, "cudaEventRecord");
    if (!found) return cudaErrorInvalidResourceHandle;
    found->recorded = true;
    found->time = Clock::now();
    return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    const Lock lock;
    return find_event(event, "cudaEventSynchronize") ? cudaSuccess : cudaErrorInvalidResourceHandle;
}
cudaError_t cudaEventQuery(cudaEvent_t event) {
    const Lock lock;
    return find_event(event, "cudaEventQuery") ? cudaSuccess : cudaErrorInvalidResourceHandle;
}
cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
    const Lock lock;
    const Event* const from = find_event(start, "cudaEventElapsedTime");
    const Event* const to = find_event(end, "cudaEventElapsedTime");
    if (!from || !to) return cudaErrorInvalidResourceHandle;
    if (!from->timed || !to->timed || !from->recorded || !to->recorded)
        return misuse(cudaErrorInvalidResourceHandle, "cudaEventElapsedTime: an event without timing, or not recorded");
    *milliseconds = std::chrono::duration<float, std::milli>(to->time - from->time).count();
    return cudaSuccess;
}

// ---------------------------------------------------------------------------- device

static cudaError_t check_device(int device) {
    return device == 0 ? cudaSuccess : misuse(cudaErrorInvalidDevice, "device %d; there is one, device 0", device);
}

cudaError_t cudaGetDeviceCount(int* count) {
    *count = 1;
    return cudaSuccess;
}
cudaError_t cudaGetDevice(int* device) {
    *device = 0;
    return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
    const Lock lock;
    return check_device(device);
}
cudaError_t cudaDeviceSynchronize() { return cudaSuccess; }
cudaError_t cudaDriverGetVersion(int* version) { return cudaRuntimeGetVersion(version); }
cudaError_t cudaRuntimeGetVersion(int* version) {
    *version = 11080;
    return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
    const Lock lock;
    if (const auto bad = check_device(device)) return bad;
    cudaDeviceProp p{};
    std::snprintf(p.name, sizeof p.name, "CUDA on the host (%s)", emulator_flavour());
    p.totalGlobalMem = memory_size();
    p.sharedMemPerBlock = static_shared_limit;
    p.sharedMemPerBlockOptin = shared_limit;
    p.sharedMemPerMultiprocessor = 228 << 10;
    p.totalConstMem = 64 << 10;
    p.regsPerBlock = 65536;
    p.warpSize = warpSize;
    p.maxThreadsPerBlock = 1024;
    p.maxThreadsDim[0] = p.maxThreadsDim[1] = 1024;
    p.maxThreadsDim[2] = 64;
    p.maxGridSize[0] = 0x7fffffff;
    p.maxGridSize[1] = p.maxGridSize[2] = 65535;
    p.clockRate = p.memoryClockRate = 1000000;
    p.memoryBusWidth = 64;
    p.l2CacheSize = 50 << 20;
    p.major = 9;
    p.multiProcessorCount = 3; // few, so that loops over the grid take several turns
    p.maxThreadsPerMultiProcessor = 2048;
    *properties = p;
    return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
    const Lock lock;
    cudaDeviceProp p;
    if (const auto bad = cudaGetDeviceProperties(&p, device)) return bad;
    switch (attribute) {
    case cudaDevAttrMaxThreadsPerBlock: *value = p.maxThreadsPerBlock; return cudaSuccess;
    case cudaDevAttrMaxSharedMemoryPerBlock: *value = int(p.sharedMemPerBlock); return cudaSuccess;
    case cudaDevAttrWarpSize: *value = p.warpSize; return cudaSuccess;
    case cudaDevAttrClockRate: *value = p.clockRate; return cudaSuccess;
    case cudaDevAttrMultiProcessorCount: *value = p.multiProcessorCount; return cudaSuccess;
    case cudaDevAttrMemoryClockRate: *value = p.memoryClockRate; return cudaSuccess;
    case cudaDevAttrGlobalMemoryBusWidth: *value = p.memoryBusWidth; return cudaSuccess;
    case cudaDevAttrL2CacheSize: *value = p.l2CacheSize; return cudaSuccess;
    case cudaDevAttrMaxThreadsPerMultiProcessor: *value = p.maxThreadsPerMultiProcessor; return cudaSuccess;
    case cudaDevAttrComputeCapabilityMajor: *value = p.major; return cudaSuccess;
    case cudaDevAttrComputeCapabilityMinor: *value = p.minor; return cudaSuccess;
    case cudaDevAttrMaxSharedMemoryPerMultiprocessor: *value = int(p.sharedMemPerMultiprocessor); return cudaSuccess;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin: *value = int(p.sharedMemPerBlockOptin); return cudaSuccess;
    case cudaDevAttrMemoryPoolsSupported: *value = 1; return cudaSuccess;
    }
    return misuse(cudaErrorInvalidValue, "cudaDeviceGetAttribute: attribute %d is not known here", int(attribute));
}
