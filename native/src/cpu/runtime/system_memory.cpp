#include "cpu/runtime/system_memory.h"

#include "core/platform/platform.h"

#if defined(__SANITIZE_ADDRESS__)
#define LPOSS_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

namespace lposs::cpu {
namespace {

constexpr size_t huge_page = size_t{2} << 20;

class SystemMemory final : public RawMemory {
public:
    void* allocate(size_t bytes) noexcept override {
        if (bytes < 2 * huge_page) return platform::allocate_memory(MemoryPool::alignment, bytes);
        const size_t rounded = (bytes + huge_page - 1) / huge_page * huge_page;
        void* pointer = platform::allocate_memory(huge_page, rounded);
        if (pointer) platform::prefer_huge_pages(pointer, rounded);
        return pointer;
    }
    void release(void* pointer, size_t bytes) noexcept override {
        lend(pointer, bytes, bytes); // whoever gets these bytes next may use all of them
        platform::release_memory(pointer);
    }

#ifdef LPOSS_ADDRESS_SANITIZER
    void lend(void* block, size_t block_bytes, size_t bytes) noexcept override {
        __asan_poison_memory_region(block, block_bytes);
        __asan_unpoison_memory_region(block, bytes);
    }
    void take_back(void* block, size_t block_bytes) noexcept override {
        __asan_poison_memory_region(block, block_bytes);
    }
#endif
};

} // namespace

std::unique_ptr<RawMemory> make_system_memory() {
    return std::make_unique<SystemMemory>();
}

} // namespace lposs::cpu
