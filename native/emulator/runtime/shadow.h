// What each flavour remembers about memory. plain: nothing. asan: AddressSanitizer's poison. check: for every byte of
// shared and device memory whether it may be touched, whether it was written, and by whom it was touched last
// (checker.cpp).
#pragma once

#include <cstddef>

#if EMULATOR_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace emulator::shadow {

#if EMULATOR_CHECK

void reserve();
/// The bytes may be touched, their contents are undefined; or not touched at all.
void allow(const void* address, std::size_t bytes);
void forbid(const void* address, std::size_t bytes);
/// The host wrote them, or copied them from other device memory.
void written(const void* address, std::size_t bytes);
void copied(const void* to, const void* from, std::size_t bytes);
bool may_read(const void* address, std::size_t bytes);

void launch_begins();
void block_begins(unsigned long linear_index);
void block_barrier();
void warp_barrier(unsigned warp, unsigned mask);
void device_fence();
void atomic_access(const void* address, std::size_t bytes, const void* pc);

#else

inline void reserve() {}
#if EMULATOR_ASAN
inline void allow(const void* address, std::size_t bytes) { __asan_unpoison_memory_region(address, bytes); }
inline void forbid(const void* address, std::size_t bytes) { __asan_poison_memory_region(address, bytes); }
inline void atomic_access(const void* address, std::size_t bytes, const void*) {
    // The atomics are not instrumented; let AddressSanitizer look at the first bad byte as it would.
    if (void* const bad = __asan_region_is_poisoned(const_cast<void*>(address), bytes))
        __asan_report_error(__builtin_return_address(0), __builtin_frame_address(0), __builtin_frame_address(0), bad, 1,
                            bytes);
}
#else
inline void allow(const void*, std::size_t) {}
inline void forbid(const void*, std::size_t) {}
inline void atomic_access(const void*, std::size_t, const void*) {}
#endif
inline void written(const void*, std::size_t) {}
inline void copied(const void*, const void*, std::size_t) {}
inline bool may_read(const void*, std::size_t) { return true; }
inline void launch_begins() {}
inline void block_begins(unsigned long) {}
inline void block_barrier() {}
inline void warp_barrier(unsigned, unsigned) {}
inline void device_fence() {}

#endif

} // namespace emulator::shadow
