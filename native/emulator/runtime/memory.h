// Device memory: one reservation of addresses, of which every allocation gets its own pages. It ends at a guard page,
// starts poisoned, and its addresses are never used again.
#pragma once

#include "emulator/runtime/diagnosis.h"

namespace emulator {

constexpr unsigned char poison = 0xff; // what nobody wrote reads as NaN, as -1
constexpr unsigned char canary = 0xcb; // what nobody may write

/// [shared_begin, device_begin) is the running block's shared memory, [device_begin, device_end) the device's.
extern char *shared_begin, *device_begin, *device_end;
constexpr std::size_t shared_arena_bytes = 1 << 20;

void reserve_memory();
bool on_device(const void* address);
bool in_shared_memory(const void* address);
/// Names the allocation or shared variable at, or nearest to, an address of either.
Text describe_address(const void* address);

/// nullptr where the memory does not suffice.
void* allocate(std::size_t bytes);
/// False where `address` is not the start of a living allocation.
bool release_allocation(void* address);
/// Whether all of [address, address + bytes) belongs to one living allocation, and to one buffer of its arena.
bool is_allocated(const void* address, std::size_t bytes);

/// Whether a canary around a living allocation or behind an arena's buffer was overwritten; says which.
bool find_overrun(Text& text);
inline bool all_canary(const char* begin, std::size_t bytes) {
    return bytes == 0 ||
           (static_cast<unsigned char>(*begin) == canary && std::memcmp(begin, begin + 1, bytes - 1) == 0);
}

std::size_t live_allocations();
std::size_t live_bytes();
std::size_t memory_size();
void set_memory_size(std::size_t bytes);

} // namespace emulator
