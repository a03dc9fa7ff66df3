// Barriers, warp collectives and fences. Each remembers the source line of its call: threads that meet must meet at one
// line.
#pragma once

namespace emulator {

enum class Vote : unsigned char { none, count, any, all };

/// Waits for all threads of the block; the vote over their predicates.
int block_barrier(Vote vote, bool predicate, Site site);

enum class Collective : unsigned char {
    sync,
    shuffle_index,
    shuffle_up,
    shuffle_down,
    shuffle_xor,
    ballot,
    all,
    any,
    match_any,
    match_all,
    add_unsigned,
    add_signed,
    min_unsigned,
    min_signed,
    max_unsigned,
    max_signed,
    bit_and,
    bit_or,
    bit_xor,
};

/// Waits for the lanes of `mask`, which all bring a value; what the operation gives this lane.
std::uint64_t warp_collective(Collective operation, unsigned mask, std::uint64_t value, int argument, int width,
                              Site site);

void fence_device();
void yield();
unsigned lane_bit();

template <class T>
__forceinline__ T shuffle(Collective operation, unsigned mask, T value, int argument, int width, Site site) {
    static_assert((std::is_arithmetic_v<T> && (sizeof(T) == 4 || sizeof(T) == 8)) || std::is_same_v<T, __half> ||
                      std::is_same_v<T, __half2>,
                  "CUDA shuffles 4- and 8-byte numbers, __half and __half2");
    return from_bits<T>(warp_collective(operation, mask, to_bits(value), argument, width, site));
}

} // namespace emulator

#define EMULATOR_SITE emulator::Site site = emulator::Site::here()

inline void __syncthreads(EMULATOR_SITE) { emulator::block_barrier(emulator::Vote::none, false, site); }
inline int __syncthreads_count(int predicate, EMULATOR_SITE) {
    return emulator::block_barrier(emulator::Vote::count, predicate != 0, site);
}
inline int __syncthreads_or(int predicate, EMULATOR_SITE) {
    return emulator::block_barrier(emulator::Vote::any, predicate != 0, site);
}
inline int __syncthreads_and(int predicate, EMULATOR_SITE) {
    return emulator::block_barrier(emulator::Vote::all, predicate != 0, site);
}

inline void __syncwarp(unsigned mask = 0xffffffffu, EMULATOR_SITE) {
    emulator::warp_collective(emulator::Collective::sync, mask, 0, 0, warpSize, site);
}

template <class T>
T __shfl_sync(unsigned mask, T value, int lane, int width = warpSize, EMULATOR_SITE) {
    return emulator::shuffle(emulator::Collective::shuffle_index, mask, value, lane, width, site);
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize, EMULATOR_SITE) {
    return emulator::shuffle(emulator::Collective::shuffle_up, mask, value, int(delta), width, site);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize, EMULATOR_SITE) {
    return emulator::shuffle(emulator::Collective::shuffle_down, mask, value, int(delta), width, site);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = warpSize, EMULATOR_SITE) {
    return emulator::shuffle(emulator::Collective::shuffle_xor, mask, value, lane_mask, width, site);
}

inline unsigned __ballot_sync(unsigned mask, int predicate, EMULATOR_SITE) {
    return unsigned(emulator::warp_collective(emulator::Collective::ballot, mask, predicate != 0, 0, warpSize, site));
}
inline int __all_sync(unsigned mask, int predicate, EMULATOR_SITE) {
    return int(emulator::warp_collective(emulator::Collective::all, mask, predicate != 0, 0, warpSize, site));
}
inline int __any_sync(unsigned mask, int predicate, EMULATOR_SITE) {
    return int(emulator::warp_collective(emulator::Collective::any, mask, predicate != 0, 0, warpSize, site));
}
template <class T>
unsigned __match_any_sync(unsigned mask, T value, EMULATOR_SITE) {
    return unsigned(
        emulator::warp_collective(emulator::Collective::match_any, mask, emulator::to_bits(value), 0, warpSize, site));
}
template <class T>
unsigned __match_all_sync(unsigned mask, T value, int* all_equal, EMULATOR_SITE) {
    const auto equal = unsigned(
        emulator::warp_collective(emulator::Collective::match_all, mask, emulator::to_bits(value), 0, warpSize, site));
    *all_equal = equal != 0;
    return equal;
}

#define EMULATOR_REDUCE(name, T, operation)                                                                            \
    inline T name(unsigned mask, T value, EMULATOR_SITE) {                                                             \
        return emulator::from_bits<T>(emulator::warp_collective(emulator::Collective::operation, mask,                 \
                                                                emulator::to_bits(value), 0, warpSize, site));         \
    }
EMULATOR_REDUCE(__reduce_add_sync, unsigned, add_unsigned)
EMULATOR_REDUCE(__reduce_add_sync, int, add_signed)
EMULATOR_REDUCE(__reduce_min_sync, unsigned, min_unsigned)
EMULATOR_REDUCE(__reduce_min_sync, int, min_signed)
EMULATOR_REDUCE(__reduce_max_sync, unsigned, max_unsigned)
EMULATOR_REDUCE(__reduce_max_sync, int, max_signed)
EMULATOR_REDUCE(__reduce_and_sync, unsigned, bit_and)
EMULATOR_REDUCE(__reduce_or_sync, unsigned, bit_or)
EMULATOR_REDUCE(__reduce_xor_sync, unsigned, bit_xor)
#undef EMULATOR_REDUCE
#undef EMULATOR_SITE

/// Only the caller: a legal answer, and the one that shows code which relies on more.
inline unsigned __activemask() { return emulator::lane_bit(); }

inline void __threadfence() { emulator::fence_device(); }
inline void __threadfence_system() { emulator::fence_device(); }
inline void __threadfence_block() {} // threads of a block are ordered by barriers alone
inline void __nanosleep(unsigned) { emulator::yield(); }
