#include "core/memory_pool.h"

#include "core/checked_size.h"
#include "core/error.h"

#include <algorithm>

namespace lposs {
namespace {

/// Kept blocks may add this much to the most that was ever in use: enough for blocks of all sizes of an ordinary
/// image, little beside those of a large one.
constexpr int64_t kept_beside_peak = int64_t{128} << 20;

class HookedMemory final : public RawMemory {
public:
    HookedMemory(const lposs_allocator& allocator, void* stream) : allocator_(allocator), stream_(stream) {}
    void* allocate(size_t bytes) noexcept override { return allocator_.allocate(allocator_.user, bytes, stream_); }
    void release(void* pointer, size_t bytes) noexcept override {
        allocator_.release(allocator_.user, pointer, bytes, stream_);
    }

private:
    lposs_allocator allocator_;
    void* stream_;
};

} // namespace

std::unique_ptr<RawMemory> make_hooked_memory(const lposs_allocator& allocator, void* stream) {
    return std::make_unique<HookedMemory>(allocator, stream);
}

int64_t buffer_bytes(int64_t count, size_t element) {
    return checked_multiply(count, static_cast<int64_t>(element), "a buffer");
}

MemoryPool::MemoryPool(std::unique_ptr<RawMemory> raw, int64_t limit) : raw_(std::move(raw)), limit_(limit) {}

MemoryPool::~MemoryPool() {
    trim_locked();
}

void* MemoryPool::allocate(int64_t bytes) {
    if (bytes > INT64_MAX - static_cast<int64_t>(alignment))
        fail(LPOSS_ERROR_OUT_OF_MEMORY, "%lld bytes cannot be allocated", static_cast<long long>(bytes));
    const int64_t rounded = std::max<int64_t>(round_up(bytes, alignment), alignment);
    const auto size = static_cast<size_t>(rounded);
    const std::lock_guard<std::mutex> hold(lock_);

    // A kept block that is hardly larger is as good as a fresh one.
    const auto kept = kept_.lower_bound(size);
    if (kept != kept_.end() && kept->first <= size + size / 64) {
        void* pointer = kept->second;
        used_.emplace(pointer, kept->first);
        in_use_ += static_cast<int64_t>(kept->first);
        peak_ = std::max(peak_, in_use_);
        raw_->lend(pointer, kept->first, static_cast<size_t>(bytes));
        kept_.erase(kept);
        return pointer;
    }
    const int64_t worth_keeping = std::max(peak_, in_use_ + rounded) + kept_beside_peak;
    if (held_ + rounded > worth_keeping || (limit_ > 0 && rounded > limit_ - held_)) trim_locked();
    if (limit_ > 0 && rounded > limit_ - held_)
        fail(LPOSS_ERROR_MEMORY_LIMIT,
             "memory_limit: %lld bytes are in use and %lld more are needed, which is over the limit of %lld",
             static_cast<long long>(held_), static_cast<long long>(rounded), static_cast<long long>(limit_));
    void* pointer = raw_->allocate(size);
    if (!pointer) {
        trim_locked();
        pointer = raw_->allocate(size);
    }
    if (!pointer)
        fail(LPOSS_ERROR_OUT_OF_MEMORY, "%lld bytes could not be allocated (%lld are in use)",
             static_cast<long long>(rounded), static_cast<long long>(in_use_));
    try {
        used_.emplace(pointer, size);
    } catch (...) {
        raw_->release(pointer, size);
        throw;
    }
    held_ += rounded;
    in_use_ += rounded;
    peak_ = std::max(peak_, in_use_);
    raw_->lend(pointer, size, static_cast<size_t>(bytes));
    return pointer;
}

bool MemoryPool::release(void* pointer) noexcept {
    const std::lock_guard<std::mutex> hold(lock_);
    const auto used = used_.find(pointer);
    if (used == used_.end()) return false;
    const size_t size = used->second;
    used_.erase(used);
    in_use_ -= static_cast<int64_t>(size);
    raw_->take_back(pointer, size);
    try {
        kept_.emplace(size, pointer);
    } catch (...) {
        held_ -= static_cast<int64_t>(size);
        raw_->release(pointer, size);
    }
    return true;
}

void MemoryPool::trim() noexcept {
    const std::lock_guard<std::mutex> hold(lock_);
    trim_locked();
}

void MemoryPool::trim_locked() noexcept {
    for (const auto& [size, pointer] : kept_) {
        raw_->release(pointer, size);
        held_ -= static_cast<int64_t>(size);
    }
    kept_.clear();
}

int64_t MemoryPool::in_use() const {
    const std::lock_guard<std::mutex> hold(lock_);
    return in_use_;
}

int64_t MemoryPool::peak() const {
    const std::lock_guard<std::mutex> hold(lock_);
    return peak_;
}

void MemoryPool::reset_peak() {
    const std::lock_guard<std::mutex> hold(lock_);
    peak_ = in_use_;
}

} // namespace lposs
