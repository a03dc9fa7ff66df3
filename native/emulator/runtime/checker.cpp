// The check flavour: data races, reads of what nobody wrote, and accesses out of bounds, each at its source line.
//
// The kernels are compiled with -fsanitize=thread, which puts a call before each load and store, but are linked without
// the sanitizer's own library: the calls land here. A cell for every four bytes says whether they may be touched,
// whether they were written, and who wrote and read them last. Whether two accesses are ordered follows from a clock
// that ticks at each launch, block, barrier, __syncwarp and fence, not from the order in which threads happened to run;
// so the verdict is the same under every schedule.
#include "emulator/runtime/block.h"
#include "emulator/runtime/memory.h"
#include "emulator/runtime/shadow.h"

#include <algorithm>
#include <cstdio>
#include <dlfcn.h>
#include <new>
#include <sys/mman.h>

namespace emulator::shadow {

using Time = std::uint32_t;

// Packed: there are many cells. Each `bytes` is a mask of the cell's four.
struct __attribute__((packed)) Access {
    Time time;
    std::uint32_t code; // return address, from the library's start
    std::uint16_t thread : 10, bytes : 4, atomic : 1;
};
struct __attribute__((packed)) Cell {
    std::uint8_t allowed, defined;
    Access write, read, other_read; // two reads, so that one by the writer itself cannot hide another's
};
static_assert(sizeof(Cell) == 32);

static Cell* cells; // of shared_begin onwards

static const char* library_start() {
    static const char* const start = [] {
        Dl_info info{};
        dladdr(reinterpret_cast<const void*>(&library_start), &info);
        return static_cast<const char*>(info.dli_fbase);
    }();
    return start;
}

void reserve() {
    const auto count = static_cast<std::size_t>(device_end - shared_begin) / 4;
    void* const map =
        mmap(nullptr, count * sizeof(Cell), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED) throw std::bad_alloc();
    cells = static_cast<Cell*>(map);
}

/// visit(cell, mask of its bytes) for every cell that the range touches; stops where visit returns false.
template <class Visit>
static bool for_each_cell(const void* address, std::size_t bytes, Visit visit) {
    auto offset = static_cast<std::size_t>(static_cast<const char*>(address) - shared_begin);
    const std::size_t end = offset + bytes;
    while (offset < end) {
        const std::size_t cell = offset / 4, first = offset % 4, last = std::min<std::size_t>(end - cell * 4, 4);
        const auto mask = static_cast<std::uint8_t>((1u << last) - (1u << first));
        if (!visit(cells[cell], mask)) return false;
        offset = (cell + 1) * 4;
    }
    return true;
}

// ---------------------------------------------------------------------------- the clock

struct WarpClock {
    Time whole;        // last __syncwarp of all lanes
    Time of_lane[32];  // last one that the lane took part in,
    unsigned with[32]; // and with whom
};
struct BlockTimes {
    unsigned long index;
    Time begin;
    Time fence; // its last __threadfence, 0 if none
};

static Time now = 1, launch_time, barrier_time;
static std::vector<BlockTimes>& blocks() { // of this launch, in the order in which they ran
    static std::vector<BlockTimes>& instance = *new std::vector<BlockTimes>;
    return instance;
}
static WarpClock warp_clocks[32];

void launch_begins() {
    launch_time = ++now;
    blocks().clear();
}

void block_begins(unsigned long linear_index) {
    barrier_time = ++now;
    blocks().push_back({linear_index, now, 0});
    std::fill(std::begin(warp_clocks), std::end(warp_clocks), WarpClock{});
}

void block_barrier() { barrier_time = ++now; }

void warp_barrier(unsigned warp, unsigned mask) {
    WarpClock& clock = warp_clocks[warp];
    ++now;
    if (mask == 0xffffffffu) clock.whole = now;
    for (unsigned lane = 0; lane < 32; ++lane) {
        if (!(mask >> lane & 1u)) continue;
        clock.of_lane[lane] = now;
        clock.with[lane] = mask;
    }
}

void device_fence() { blocks().back().fence = ++now; }

static const BlockTimes& block_at(Time time) {
    return *std::prev(std::upper_bound(blocks().begin(), blocks().end(), time,
                                       [](Time t, const BlockTimes& block) { return t < block.begin; }));
}

/// Whether an earlier access happens before whatever `thread` of the running block does now.
static bool ordered(const Access& earlier, unsigned thread) {
    if (earlier.time < launch_time) return true;
    const BlockTimes& here = blocks().back();
    if (earlier.time < here.begin) // another block: a fence there after it, and one here, as with a ticket
        return earlier.time < block_at(earlier.time).fence && here.fence;
    if (earlier.thread == thread || earlier.time < barrier_time) return true;
    if (earlier.thread / 32 != thread / 32) return false;
    const WarpClock& clock = warp_clocks[thread / 32];
    const unsigned lane = thread % 32;
    return earlier.time < clock.whole ||
           (earlier.time < clock.of_lane[lane] && (clock.with[lane] >> earlier.thread % 32 & 1u));
}

// ---------------------------------------------------------------------------- what may be touched

void allow(const void* address, std::size_t bytes) {
    for_each_cell(address, bytes, [](Cell& cell, std::uint8_t mask) {
        cell.allowed |= mask;
        cell.defined &= static_cast<std::uint8_t>(~mask);
        cell.write.bytes = cell.read.bytes = cell.other_read.bytes = 0;
        return true;
    });
}

void forbid(const void* address, std::size_t bytes) {
    // Whole pages of cells go back to the system: an untouched cell allows nothing.
    constexpr std::size_t page = 4096;
    const auto start = static_cast<std::size_t>(static_cast<const char*>(address) - shared_begin);
    char* const table = reinterpret_cast<char*>(cells);
    const std::size_t first = (start + 3) / 4 * sizeof(Cell), last = (start + bytes) / 4 * sizeof(Cell);
    const std::size_t from = (first + page - 1) / page * page, to = last / page * page;
    if (to > from + 64 * page) {
        madvise(table + from, to - from, MADV_DONTNEED);
        const std::size_t middle = from / sizeof(Cell) * 4, middle_end = to / sizeof(Cell) * 4;
        forbid(address, middle - start);
        forbid(shared_begin + middle_end, start + bytes - middle_end);
        return;
    }
    for_each_cell(address, bytes, [](Cell& cell, std::uint8_t mask) {
        cell.allowed &= static_cast<std::uint8_t>(~mask);
        return true;
    });
}

void written(const void* address, std::size_t bytes) {
    for_each_cell(address, bytes, [](Cell& cell, std::uint8_t mask) {
        cell.defined |= mask;
        cell.write.bytes = cell.read.bytes = cell.other_read.bytes = 0;
        return true;
    });
}

bool may_read(const void* address, std::size_t bytes) {
    return for_each_cell(address, bytes, [](const Cell& cell, std::uint8_t mask) {
        return (cell.allowed & mask) == mask && (cell.defined & mask) == mask;
    });
}

void copied(const void* to, const void* from, std::size_t bytes) {
    written(to, bytes);
    const char* const source = static_cast<const char*>(from);
    const char* const target = static_cast<const char*>(to);
    for (std::size_t i = 0; i < bytes; ++i)
        if (!may_read(source + i, 1))
            for_each_cell(target + i, 1, [](Cell& cell, std::uint8_t mask) {
                cell.defined &= static_cast<std::uint8_t>(~mask);
                return true;
            });
}

// ---------------------------------------------------------------------------- accesses

enum class Kind : unsigned char { read, write, atomic };

static Text describe(const Access& access) {
    const Text code = describe_code(library_start() + access.code);
    const BlockTimes& block = block_at(access.time);
    if (&block == &blocks().back())
        return format("by thread %s at %s", emulator::describe(running->threads[access.thread].index).c_str(),
                      code.c_str());
    return format("by thread %u of block %lu (linear) at %s", unsigned(access.thread), block.index, code.c_str());
}

[[noreturn]] static void fail_of_race(Kind kind, const void* address, const void* pc, const char* earlier_kind,
                                      const Access& earlier) {
    fail(cudaErrorLaunchFailure, "race: %s at %s of %s,\n  not ordered after the %s %s",
         kind == Kind::read    ? "read"
         : kind == Kind::write ? "write"
                               : "atomic",
         describe_code(pc).c_str(), describe_address(address).c_str(), earlier_kind, describe(earlier).c_str());
}

static void access(const void* address, std::size_t bytes, Kind kind, const void* pc, bool aligned) {
    if (!in_shared_memory(address) && !on_device(address)) return; // its stack, our data
    const char* const verb = kind == Kind::write ? "write" : "read";
    if (!in_kernel) {
        misuse(cudaErrorIllegalAddress, "host code at %s touches %s", describe_code(pc).c_str(),
               describe_address(address).c_str());
        return;
    }
    if (aligned && reinterpret_cast<std::uintptr_t>(address) % bytes)
        fail(cudaErrorMisalignedAddress, "misaligned %s of %zu bytes at %s: %s", verb, bytes, describe_code(pc).c_str(),
             describe_address(address).c_str());

    const unsigned thread = running->current;
    const bool atomic = kind == Kind::atomic;
    Access now_access{};
    now_access.time = now;
    now_access.code = static_cast<std::uint32_t>(static_cast<const char*>(pc) - library_start());
    now_access.thread = thread & 1023u;
    now_access.atomic = atomic;
    const auto races_with = [&](const Access& earlier, std::uint8_t mask) {
        return (earlier.bytes & mask) && !(earlier.atomic && atomic) && !ordered(earlier, thread);
    };
    for_each_cell(address, bytes, [&](Cell& cell, std::uint8_t mask) {
        if ((cell.allowed & mask) != mask)
            fail(cudaErrorIllegalAddress, "out of bounds %s of %zu bytes at %s: %s", verb, bytes,
                 describe_code(pc).c_str(), describe_address(address).c_str());
        if (kind != Kind::write && (cell.defined & mask) != mask)
            fail(cudaErrorLaunchFailure, "uninitialised read of %zu bytes at %s: %s", bytes, describe_code(pc).c_str(),
                 describe_address(address).c_str());
        if (races_with(cell.write, mask)) fail_of_race(kind, address, pc, "write", cell.write);
        now_access.bytes = mask & 15u;
        if (kind == Kind::read) {
            const bool replaces_first = !cell.read.bytes || cell.read.thread == thread || ordered(cell.read, thread);
            (replaces_first ? cell.read : cell.other_read) = now_access;
        } else {
            if (races_with(cell.read, mask)) fail_of_race(kind, address, pc, "read", cell.read);
            if (races_with(cell.other_read, mask)) fail_of_race(kind, address, pc, "read", cell.other_read);
            cell.write = now_access;
            cell.defined |= mask;
            if (mask == 15) cell.read.bytes = cell.other_read.bytes = 0;
        }
        return true;
    });
}

void atomic_access(const void* address, std::size_t bytes, const void* pc) {
    access(address, bytes, Kind::atomic, pc, true);
}

} // namespace emulator::shadow

// ---------------------------------------------------------------------------- what the compiler calls

// Beside the accesses, the atomics of host code in the same files (guards of static variables, shared_ptr): they only
// have to work. Kernels' atomics are functions of ours.

using emulator::shadow::access;
using emulator::shadow::Kind;

#define EMULATOR_PC __builtin_return_address(0)
#define EMULATOR_ACCESSES(bytes)                                                                                       \
    void __tsan_read##bytes(void* p) { access(p, bytes, Kind::read, EMULATOR_PC, true); }                              \
    void __tsan_write##bytes(void* p) { access(p, bytes, Kind::write, EMULATOR_PC, true); }                            \
    void __tsan_unaligned_read##bytes(void* p) { access(p, bytes, Kind::read, EMULATOR_PC, false); }                   \
    void __tsan_unaligned_write##bytes(void* p) { access(p, bytes, Kind::write, EMULATOR_PC, false); }

#define EMULATOR_HOST_UPDATE(bits, name)                                                                               \
    std::uint##bits##_t __tsan_atomic##bits##_##name(std::uint##bits##_t* p, std::uint##bits##_t v, int) {             \
        return __atomic_##name(p, v, __ATOMIC_SEQ_CST);                                                                \
    }
#define EMULATOR_HOST_EXCHANGE(bits, name)                                                                             \
    int __tsan_atomic##bits##_compare_exchange_##name(std::uint##bits##_t* p, std::uint##bits##_t* expected,           \
                                                      std::uint##bits##_t v, int, int) {                               \
        return __atomic_compare_exchange_n(p, expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                 \
    }
#define EMULATOR_HOST_ATOMICS(bits)                                                                                    \
    std::uint##bits##_t __tsan_atomic##bits##_load(const std::uint##bits##_t* p, int) {                                \
        return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                                                   \
    }                                                                                                                  \
    void __tsan_atomic##bits##_store(std::uint##bits##_t* p, std::uint##bits##_t v, int) {                             \
        __atomic_store_n(p, v, __ATOMIC_SEQ_CST);                                                                      \
    }                                                                                                                  \
    std::uint##bits##_t __tsan_atomic##bits##_exchange(std::uint##bits##_t* p, std::uint##bits##_t v, int) {           \
        return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);                                                            \
    }                                                                                                                  \
    EMULATOR_HOST_UPDATE(bits, fetch_add)                                                                              \
    EMULATOR_HOST_UPDATE(bits, fetch_sub)                                                                              \
    EMULATOR_HOST_UPDATE(bits, fetch_and)                                                                              \
    EMULATOR_HOST_UPDATE(bits, fetch_or)                                                                               \
    EMULATOR_HOST_UPDATE(bits, fetch_xor)                                                                              \
    EMULATOR_HOST_EXCHANGE(bits, strong)                                                                               \
    EMULATOR_HOST_EXCHANGE(bits, weak)

extern "C" {
EMULATOR_ACCESSES(1)
EMULATOR_ACCESSES(2)
EMULATOR_ACCESSES(4)
EMULATOR_ACCESSES(8)
EMULATOR_ACCESSES(16)
void __tsan_read_range(void* p, std::size_t bytes) { access(p, bytes, Kind::read, EMULATOR_PC, false); }
void __tsan_write_range(void* p, std::size_t bytes) { access(p, bytes, Kind::write, EMULATOR_PC, false); }
EMULATOR_HOST_ATOMICS(8)
EMULATOR_HOST_ATOMICS(16)
EMULATOR_HOST_ATOMICS(32)
EMULATOR_HOST_ATOMICS(64)
void __tsan_atomic_thread_fence(int) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
void __tsan_vptr_read(void**) {}
void __tsan_vptr_update(void**, void*) {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_init() {}
}
