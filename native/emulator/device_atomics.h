// Atomics, for the types for which nvcc has them (std::uint64_t is not one: it is unsigned long here).
#pragma once

namespace emulator {

/// Checks the address, perhaps lets another thread go first, and loads.
std::uint64_t atomic_load(const void* address, std::size_t bytes);
void atomic_store(void* address, std::size_t bytes, std::uint64_t value);

template <class T, class... Allowed>
constexpr bool is_one_of = (std::is_same_v<T, Allowed> || ...);

/// Indivisible without further ado: fibers change places only inside atomic_load.
template <class T, class Update>
__forceinline__ T atomic_update(T* address, Update update) {
    const T old = from_bits<T>(atomic_load(address, sizeof(T)));
    atomic_store(address, sizeof(T), to_bits(static_cast<T>(update(old))));
    return old;
}

template <class T>
struct Exactly {
    using type = T;
};

} // namespace emulator

#define EMULATOR_ATOMIC(name, result, ...)                                                                             \
    template <class T>                                                                                                 \
    __forceinline__ T name(T* address, typename emulator::Exactly<T>::type value) {                                    \
        static_assert(emulator::is_one_of<T, __VA_ARGS__>, "CUDA has no " #name " for this type");                     \
        return emulator::atomic_update(address, [value](T old) { return result; });                                    \
    }
// Unsigned arithmetic, because the device wraps around where C++ does not define the result.
EMULATOR_ATOMIC(atomicSub, T(unsigned(old) - unsigned(value)), int, unsigned)
EMULATOR_ATOMIC(atomicExch, ((void)old, value), int, unsigned, unsigned long long, float)
EMULATOR_ATOMIC(atomicMin, value < old ? value : old, int, unsigned, long long, unsigned long long)
EMULATOR_ATOMIC(atomicMax, old < value ? value : old, int, unsigned, long long, unsigned long long)
EMULATOR_ATOMIC(atomicAnd, old& value, int, unsigned, unsigned long long)
EMULATOR_ATOMIC(atomicOr, old | value, int, unsigned, unsigned long long)
EMULATOR_ATOMIC(atomicXor, old ^ value, int, unsigned, unsigned long long)
EMULATOR_ATOMIC(atomicInc, old >= value ? 0 : old + 1, unsigned)
EMULATOR_ATOMIC(atomicDec, old == 0 || old > value ? value : old - 1, unsigned)
#undef EMULATOR_ATOMIC

template <class T>
__forceinline__ T atomicAdd(T* address, typename emulator::Exactly<T>::type value) {
    static_assert(emulator::is_one_of<T, int, unsigned, unsigned long long, float, double>,
                  "CUDA has no atomicAdd for this type");
    return emulator::atomic_update(address, [value](T old) {
        if constexpr (std::is_same_v<T, int>)
            return T(unsigned(old) + unsigned(value));
        else
            return old + value;
    });
}

template <class T>
__forceinline__ T atomicCAS(T* address, typename emulator::Exactly<T>::type expected,
                            typename emulator::Exactly<T>::type desired) {
    static_assert(emulator::is_one_of<T, int, unsigned, unsigned long long, unsigned short>,
                  "CUDA has no atomicCAS for this type");
    return emulator::atomic_update(address, [=](T old) { return old == expected ? desired : old; });
}
