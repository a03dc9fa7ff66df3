#include "cuda/runtime/device_memory.h"

namespace lposs::cuda {
namespace {

class DriverMemory final : public RawMemory {
public:
    explicit DriverMemory(int device) : device_(device) {}

    void* allocate(size_t bytes) noexcept override {
        int former = 0;
        void* pointer = nullptr;
        if (cudaGetDevice(&former) != cudaSuccess || cudaSetDevice(device_) != cudaSuccess) return nullptr;
        if (cudaMalloc(&pointer, bytes) != cudaSuccess) {
            (void)cudaGetLastError(); // reported by the pool, with its numbers; the next launch must not see it
            pointer = nullptr;
        }
        (void)cudaSetDevice(former);
        return pointer;
    }
    void release(void* pointer, size_t) noexcept override { (void)cudaFree(pointer); }

private:
    int device_;
};

/// Keeps the stream alive for as long as the hook may be called with it.
class HookedDeviceMemory final : public RawMemory {
public:
    HookedDeviceMemory(std::shared_ptr<DeviceStream> stream, const lposs_allocator& allocator)
        : stream_(std::move(stream)), hook_(make_hooked_memory(allocator, stream_->handle())) {}

    void* allocate(size_t bytes) noexcept override { return hook_->allocate(bytes); }
    void release(void* pointer, size_t bytes) noexcept override { hook_->release(pointer, bytes); }

private:
    std::shared_ptr<DeviceStream> stream_;
    std::unique_ptr<RawMemory> hook_;
};

} // namespace

std::unique_ptr<RawMemory> make_device_memory(const std::shared_ptr<DeviceStream>& stream,
                                              const lposs_allocator* allocator) {
    if (allocator) return std::make_unique<HookedDeviceMemory>(stream, *allocator);
    return std::make_unique<DriverMemory>(stream->device());
}

} // namespace lposs::cuda
