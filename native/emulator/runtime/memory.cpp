#include "emulator/runtime/memory.h"

#include "emulator/runtime/lock.h"
#include "emulator/runtime/shadow.h"
#include "emulator/runtime/shared_memory.h"

#include <algorithm>
#include <map>
#include <new>
#include <stdexcept>
#include <sys/mman.h>

namespace emulator {

char *shared_begin, *device_begin, *device_end;

static constexpr std::size_t page = 4096;
static constexpr std::size_t device_addresses = std::size_t(1) << 38;

struct Buffer { // handed out of an arena
    std::size_t bytes, gap;
    std::string name;
};
struct Allocation {
    std::size_t bytes;
    char *pages_begin, *pages_end;
    unsigned number;
    bool live, arena;
    std::map<char*, Buffer> buffers;
};
using Allocations = std::map<char*, Allocation>;

struct Device {
    Allocations allocations; // the last freed ones too: their addresses still say whose they were
    char* next;
    unsigned count = 0;
    std::size_t live = 0, live_bytes = 0, size = std::size_t(16) << 30;
};
static Device& device() {
    static Device* const instance = new Device;
    return *instance;
}

void reserve_memory() {
    if (shared_begin) return;
    void* const map = mmap(nullptr, shared_arena_bytes + device_addresses, PROT_NONE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED) throw std::bad_alloc();
    shared_begin = static_cast<char*>(map);
    device_begin = shared_begin + shared_arena_bytes;
    device_end = device_begin + device_addresses;
    mprotect(shared_begin, shared_arena_bytes, PROT_READ | PROT_WRITE);
    device().next = device_begin + page;
    shadow::reserve();
    shadow::forbid(shared_begin, shared_arena_bytes);
}

bool on_device(const void* address) { return address >= device_begin && address < device_end; }
bool in_shared_memory(const void* address) { return address >= shared_begin && address < device_begin; }

/// The allocation or buffer that starts last at or before `address`, or end().
template <class Map>
static typename Map::iterator last_before(Map& map, const void* address) {
    const auto next = map.upper_bound(static_cast<char*>(const_cast<void*>(address)));
    return next == map.begin() ? map.end() : std::prev(next);
}

/// The entry that `address` lies in, or else is nearest to; end() if the map is empty.
template <class Map>
static typename Map::iterator nearest(Map& map, const void* address) {
    const char* const at = static_cast<const char*>(address);
    const auto before = last_before(map, address);
    const auto after = map.upper_bound(const_cast<char*>(at));
    if (before == map.end() || after == map.end()) return before == map.end() ? after : before;
    const char* const end = before->first + before->second.bytes;
    return at < end || at - end <= after->first - at ? before : after;
}

Text describe_address(const void* address) {
    const char* const at = static_cast<const char*>(address);
    if (in_shared_memory(address)) return describe_shared(address);
    if (!on_device(address)) return format("address %p, neither shared nor device memory", address);
    const auto owner = nearest(device().allocations, address);
    if (owner == device().allocations.end()) return format("device memory, of which nothing is allocated");
    Allocation& allocation = owner->second;
    if (allocation.arena && allocation.live) {
        const auto buffer = nearest(allocation.buffers, address);
        if (buffer == allocation.buffers.end())
            return format("arena of %zu bytes, of which nothing is taken, byte %td", allocation.bytes,
                          at - owner->first);
        return format("buffer '%s' (%zu bytes), byte %td", buffer->second.name.c_str(), buffer->second.bytes,
                      at - buffer->first);
    }
    return format("device allocation #%u (%zu bytes%s), byte %td", allocation.number, allocation.bytes,
                  allocation.live ? "" : ", freed", at - owner->first);
}

// ---------------------------------------------------------------------------- allocations

void* allocate(std::size_t bytes) {
    reserve_memory();
    Device& gpu = device();
    const auto room = static_cast<std::size_t>(device_end - gpu.next);
    if (bytes > gpu.size - std::min(gpu.size, gpu.live_bytes) || bytes > room - std::min(room, 4 * page))
        return nullptr;
    const std::size_t padded = (bytes + 255) / 256 * 256; // aligned as CUDA's are; what is left holds canaries
    char* const pages_begin = gpu.next;
    char* const pages_end = pages_begin + std::max(page, (padded + page - 1) / page * page);
    if (mprotect(pages_begin, static_cast<std::size_t>(pages_end - pages_begin), PROT_READ | PROT_WRITE))
        return nullptr;
    gpu.next = pages_end + page;
    char* const address = pages_end - padded;
    std::memset(pages_begin, canary, static_cast<std::size_t>(address - pages_begin));
    std::memset(address, poison, bytes);
    std::memset(address + bytes, canary, padded - bytes);
    shadow::forbid(pages_begin, static_cast<std::size_t>(gpu.next - pages_begin));
    shadow::allow(address, bytes);
    gpu.allocations[address] = {bytes, pages_begin, pages_end, ++gpu.count, true, false, {}};
    ++gpu.live;
    gpu.live_bytes += bytes;
    return address;
}

/// Addresses only grow, so the first is the oldest.
static void forget_oldest_freed() {
    constexpr std::size_t remembered = 1000;
    Allocations& all = device().allocations;
    if (all.size() - device().live <= remembered) return;
    all.erase(std::find_if(all.begin(), all.end(), [](const auto& entry) { return !entry.second.live; }));
}

bool release_allocation(void* address) {
    const auto found = device().allocations.find(static_cast<char*>(address));
    if (found == device().allocations.end() || !found->second.live) return false;
    Allocation& allocation = found->second;
    const auto bytes = static_cast<std::size_t>(allocation.pages_end - allocation.pages_begin);
    shadow::forbid(allocation.pages_begin, bytes);
    mmap(allocation.pages_begin, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    allocation.live = allocation.arena = false;
    allocation.buffers.clear();
    --device().live;
    device().live_bytes -= allocation.bytes;
    forget_oldest_freed();
    return true;
}

template <class Iterator>
static bool holds(Iterator entry, Iterator end, const void* address, std::size_t bytes) {
    if (entry == end) return false;
    const auto offset = static_cast<std::size_t>(static_cast<const char*>(address) - entry->first);
    return offset <= entry->second.bytes && bytes <= entry->second.bytes - offset;
}

bool is_allocated(const void* address, std::size_t bytes) {
    Allocations& all = device().allocations;
    const auto owner = last_before(all, address);
    if (!holds(owner, all.end(), address, bytes) || !owner->second.live) return false;
    auto& buffers = owner->second.buffers;
    return !owner->second.arena || holds(last_before(buffers, address), buffers.end(), address, bytes);
}

bool find_overrun(Text& text) {
#if EMULATOR_ASAN
    (void)text;
    return false; // these bytes are poisoned: nobody came as far as writing them
#else
    const auto broken = [&text](const char* begin, const char* end) {
        if (all_canary(begin, static_cast<std::size_t>(end - begin))) return false;
        while (static_cast<unsigned char>(*begin) == canary) ++begin;
        text = format("write out of bounds: %s", describe_address(begin).c_str());
        return true;
    };
    for (const auto& [address, allocation] : device().allocations) {
        if (!allocation.live) continue;
        if (broken(allocation.pages_begin, address)) return true;
        if (broken(address + allocation.bytes, allocation.pages_end)) return true;
        for (const auto& [start, buffer] : allocation.buffers)
            if (broken(start + buffer.bytes, start + buffer.bytes + buffer.gap)) return true;
    }
    return false;
#endif
}

std::size_t live_allocations() { return device().live; }
std::size_t live_bytes() { return device().live_bytes; }
std::size_t memory_size() { return device().size; }
void set_memory_size(std::size_t bytes) { device().size = bytes; }

// ---------------------------------------------------------------------------- arenas

/// The living allocation around [base, base + bytes), with its address.
static Allocations::value_type& arena_at(const void* base, std::size_t bytes, const char* what) {
    Allocations& all = device().allocations;
    const auto owner = last_before(all, base);
    if (!holds(owner, all.end(), base, bytes) || !owner->second.live)
        throw std::invalid_argument(std::string(what) + ": " + std::to_string(bytes) +
                                    " bytes that are not of one device allocation: " + describe_address(base).c_str());
    return *owner;
}

} // namespace emulator

namespace gpu {

using namespace emulator;

void arena_open(void* base, std::size_t bytes) {
    const Lock lock;
    if (bytes == 0) return;
    Allocation& allocation = arena_at(base, bytes, "arena_open").second;
    allocation.arena = true;
    allocation.buffers.clear();
    shadow::forbid(base, bytes);
}

void arena_take(void* start, std::size_t bytes, const char* name) {
    const Lock lock;
    if (bytes == 0) return;
    auto& [base, allocation] = arena_at(start, bytes, "arena_take");
    char* const begin = static_cast<char*>(start);
    const auto refuse_overlap = [name](const Buffer& other) {
        throw std::invalid_argument(std::string("arena_take: '") + name + "' overlaps '" + other.name + "'");
    };
    const auto next = allocation.buffers.lower_bound(begin);
    if (next != allocation.buffers.end() && next->first < begin + bytes) refuse_overlap(next->second);
    if (next != allocation.buffers.begin()) {
        auto& [previous, buffer] = *std::prev(next);
        if (previous + buffer.bytes > begin) refuse_overlap(buffer);
        buffer.gap = std::min(buffer.gap, static_cast<std::size_t>(begin - previous) - buffer.bytes);
    }
    const char* const limit = next == allocation.buffers.end() ? base + allocation.bytes : next->first;
    const std::size_t gap = std::min(arena_gap, static_cast<std::size_t>(limit - begin) - bytes);
    shadow::allow(begin, bytes);
    std::memset(begin, poison, bytes);
#if !EMULATOR_ASAN
    std::memset(begin + bytes, canary, gap);
#endif
    allocation.buffers[begin] = {bytes, gap, name};
}

void arena_give_back(void* start) {
    const Lock lock;
    if (!start) return;
    Allocation& allocation = arena_at(start, 1, "arena_give_back").second;
    const auto found = allocation.buffers.find(static_cast<char*>(start));
    if (found == allocation.buffers.end())
        throw std::invalid_argument(std::string("arena_give_back: nothing was taken at ") +
                                    describe_address(start).c_str());
    shadow::forbid(start, found->second.bytes);
    allocation.buffers.erase(found);
}

void arena_close(void* base, std::size_t bytes) {
    const Lock lock;
    if (bytes == 0) return;
    Allocation& allocation = arena_at(base, bytes, "arena_close").second;
    allocation.arena = false;
    allocation.buffers.clear();
    shadow::allow(base, bytes);
    shadow::written(base, bytes);
}

} // namespace gpu
