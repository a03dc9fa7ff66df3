// What an operation works with: the context's stream, its memory and what the device can do.
#pragma once

#include "core/backend.h"
#include "core/checked_size.h"
#include "cuda/runtime/device_stream.h"
#include "cuda/runtime/gpu.h"

#include <limits>

namespace lposs::cuda {

/// A pool's Buffer whose exact size the emulator knows: a byte too far is a fault there, although the pool rounds up.
template <class T>
class DeviceBuffer {
public:
    DeviceBuffer() = default;
    DeviceBuffer(const std::shared_ptr<MemoryPool>& pool, int64_t count, const char* name) : block_(pool, count) {
        gpu::arena_open(block_.data(), opened());
        gpu::arena_take(block_.data(), static_cast<size_t>(count) * sizeof(T), name);
    }
    ~DeviceBuffer() { reset(); }
    DeviceBuffer(DeviceBuffer&& other) noexcept = default;
    DeviceBuffer& operator=(DeviceBuffer&& other) noexcept {
        reset();
        block_ = std::move(other.block_);
        return *this;
    }

    T* data() const noexcept { return block_.data(); }
    int64_t count() const noexcept { return block_.count(); }
    void reset() noexcept {
        if (block_.data()) gpu::arena_close(block_.data(), opened());
        block_.reset();
    }

private:
    size_t opened() const noexcept {
        const auto bytes = count() * static_cast<int64_t>(sizeof(T));
        return static_cast<size_t>(round_up(bytes, MemoryPool::alignment));
    }

    Buffer<T> block_;
};

/// Bytes that a DeviceBuffer takes from the pool.
constexpr int64_t buffer_cost(int64_t count, size_t element) {
    constexpr auto alignment = static_cast<int64_t>(MemoryPool::alignment);
    const int64_t rounded = (count * static_cast<int64_t>(element) + alignment - 1) / alignment * alignment;
    return rounded > alignment ? rounded : alignment;
}

struct Workspace {
    Progress& progress;
    std::shared_ptr<DeviceStream> device_stream;
    cudaStream_t stream;
    std::shared_ptr<MemoryPool> pool;
    int64_t block_shared_memory; ///< bytes that a block may have at most

    template <class T>
    DeviceBuffer<T> buffer(int64_t count, const char* name) const {
        return DeviceBuffer<T>(pool, count, name);
    }
};

/// A grid's x extent: blocks that cover `count` items, `per_block` each.
inline unsigned block_count(int64_t count, int64_t per_block) {
    const int64_t blocks = ceil_div(count, per_block);
    if (blocks > std::numeric_limits<int32_t>::max())
        fail(LPOSS_ERROR_UNSUPPORTED, "%lld items are more than the device takes in one launch (%lld)",
             static_cast<long long>(count), static_cast<long long>(per_block) * std::numeric_limits<int32_t>::max());
    return static_cast<unsigned>(blocks);
}

} // namespace lposs::cuda
