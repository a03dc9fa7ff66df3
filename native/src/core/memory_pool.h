// Scratch memory of a context and the memory of its graphs: one ledger, one limit, blocks kept for the next call.
//
// Fresh pages cost more than most kernels that run on them, so released blocks are kept and handed out again when the
// size fits. A pool is shared by a context and the graphs it made (shared_ptr), hence the lock. On CUDA a block may be
// handed out again while the stream still works on it: the same stream orders the two uses.
#pragma once

#include "lposs/lposs.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace lposs {

/// Where blocks come from: the system, the device or the caller's hook. allocate() returns nullptr on failure.
class RawMemory {
public:
    virtual ~RawMemory() = default;
    virtual void* allocate(size_t bytes) noexcept = 0;
    virtual void release(void* pointer, size_t bytes) noexcept = 0;

    /// The pool lends the first `bytes` of a block of `block_bytes`, and later takes the block back without releasing
    /// it. Nothing needs to happen; a memory checker wants to know, or kept blocks would hide overruns and stale reads.
    virtual void lend(void* block, size_t block_bytes, size_t bytes) noexcept {
        (void)block, (void)block_bytes, (void)bytes;
    }
    virtual void take_back(void* block, size_t block_bytes) noexcept { (void)block, (void)block_bytes; }
};

/// Blocks from the caller's hook; `stream` is what the hook gets.
std::unique_ptr<RawMemory> make_hooked_memory(const lposs_allocator& allocator, void* stream);

class MemoryPool {
public:
    static constexpr size_t alignment = 256;

    MemoryPool(std::unique_ptr<RawMemory> raw, int64_t limit);
    ~MemoryPool();
    MemoryPool(const MemoryPool&) = delete;
    MemoryPool& operator=(const MemoryPool&) = delete;

    /// At least `bytes` bytes, 256-aligned. LPOSS_ERROR_MEMORY_LIMIT or LPOSS_ERROR_OUT_OF_MEMORY with the numbers.
    void* allocate(int64_t bytes);
    /// false, and nothing happens, for a pointer that the pool has not handed out.
    bool release(void* pointer) noexcept;

    /// Gives kept blocks back to where they came from.
    void trim() noexcept;

    int64_t limit() const noexcept { return limit_; }
    int64_t in_use() const;
    int64_t peak() const;
    void reset_peak();

private:
    void trim_locked() noexcept;

    std::unique_ptr<RawMemory> raw_;
    int64_t limit_;
    mutable std::mutex lock_;
    std::multimap<size_t, void*> kept_;
    std::map<void*, size_t> used_;
    int64_t in_use_ = 0; // bytes handed out
    int64_t held_ = 0;   // bytes handed out or kept
    int64_t peak_ = 0;
};

/// `count` elements of T from a pool, given back at the end of the scope.
template <class T>
class Buffer {
public:
    Buffer() = default;
    Buffer(std::shared_ptr<MemoryPool> pool, int64_t count);
    ~Buffer() { reset(); }
    Buffer(Buffer&& other) noexcept { swap(other); }
    Buffer& operator=(Buffer&& other) noexcept {
        Buffer moved(std::move(other));
        swap(moved);
        return *this;
    }

    T* data() const noexcept { return data_; }
    int64_t count() const noexcept { return count_; }
    T& operator[](int64_t i) const noexcept { return data_[i]; }
    void reset() noexcept {
        if (data_) pool_->release(data_);
        data_ = nullptr;
        count_ = 0;
        pool_.reset();
    }

private:
    void swap(Buffer& other) noexcept {
        std::swap(pool_, other.pool_);
        std::swap(data_, other.data_);
        std::swap(count_, other.count_);
    }

    std::shared_ptr<MemoryPool> pool_;
    T* data_ = nullptr;
    int64_t count_ = 0;
};

/// LPOSS_ERROR_INVALID_ARGUMENT if count elements of this size cannot be addressed.
int64_t buffer_bytes(int64_t count, size_t element);

template <class T>
Buffer<T>::Buffer(std::shared_ptr<MemoryPool> pool, int64_t count)
    : pool_(std::move(pool)), data_(static_cast<T*>(pool_->allocate(buffer_bytes(count, sizeof(T))))), count_(count) {}

} // namespace lposs
