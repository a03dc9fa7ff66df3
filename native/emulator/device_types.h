// CUDA's vector types and built-in variables.
#pragma once

namespace emulator {

template <class T>
struct Vector1 {
    T x;
};
template <class T>
struct alignas(2 * sizeof(T)) Vector2 {
    T x, y;
};
template <class T>
struct Vector3 {
    T x, y, z;
};
template <class T>
struct alignas(4 * sizeof(T) < 16 ? 4 * sizeof(T) : 16) Vector4 {
    T x, y, z, w;
};

} // namespace emulator

#define EMULATOR_VECTOR_TYPES(name, T)                                                                                 \
    using name##1 = emulator::Vector1<T>;                                                                              \
    using name##2 = emulator::Vector2<T>;                                                                              \
    using name##3 = emulator::Vector3<T>;                                                                              \
    using name##4 = emulator::Vector4<T>;                                                                              \
    __forceinline__ name##1 make_##name##1(T x) { return {x}; }                                                        \
    __forceinline__ name##2 make_##name##2(T x, T y) { return {x, y}; }                                                \
    __forceinline__ name##3 make_##name##3(T x, T y, T z) { return {x, y, z}; }                                        \
    __forceinline__ name##4 make_##name##4(T x, T y, T z, T w) { return {x, y, z, w}; }

EMULATOR_VECTOR_TYPES(char, signed char)
EMULATOR_VECTOR_TYPES(uchar, unsigned char)
EMULATOR_VECTOR_TYPES(short, short)
EMULATOR_VECTOR_TYPES(ushort, unsigned short)
EMULATOR_VECTOR_TYPES(int, int)
EMULATOR_VECTOR_TYPES(uint, unsigned)
EMULATOR_VECTOR_TYPES(longlong, long long)
EMULATOR_VECTOR_TYPES(ulonglong, unsigned long long)
EMULATOR_VECTOR_TYPES(float, float)
EMULATOR_VECTOR_TYPES(double, double)
#undef EMULATOR_VECTOR_TYPES

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}
    constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
};

// Plain variables: launches take turns, and all threads of a kernel run on the thread that launched it. Hidden, so that
// a library reaches its own copy directly.
#define EMULATOR_HIDDEN __attribute__((visibility("hidden")))
EMULATOR_HIDDEN extern uint3 threadIdx;
EMULATOR_HIDDEN extern uint3 blockIdx;
EMULATOR_HIDDEN extern dim3 blockDim;
EMULATOR_HIDDEN extern dim3 gridDim;
constexpr int warpSize = 32;
