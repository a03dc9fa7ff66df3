// Structs that grow. Every struct of lposs.h begins with struct_size, the size that its caller was compiled with, so an
// older caller's struct is shorter than this library's and a newer caller's is longer.
//
//   inputs    What an older caller does not know keeps its default. What a newer caller knows and this library does not
//             must be zero, else the call is refused: a setting is never ignored.
//   outputs   Only what the caller has room for is written; what a newer caller knows beyond it becomes zero.
#pragma once

#include "core/error.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace lposs {

/// The size of each struct in version 0.2.0, the first whose callers stay valid. It never changes.
template <class Struct>
struct FirstSize;

#define LPOSS_FIRST_SIZE(Struct, bytes)                                                                                \
    template <>                                                                                                        \
    struct FirstSize<Struct> {                                                                                         \
        static constexpr uint32_t value = bytes;                                                                       \
        static_assert(sizeof(Struct) >= value && sizeof(void*) == 8);                                                  \
    }
LPOSS_FIRST_SIZE(lposs_tensor, 56);
LPOSS_FIRST_SIZE(lposs_allocator, 32);
LPOSS_FIRST_SIZE(lposs_context_options, 40);
LPOSS_FIRST_SIZE(lposs_context_info, 224);
LPOSS_FIRST_SIZE(lposs_patch_graph_options, 40);
LPOSS_FIRST_SIZE(lposs_pixel_graph_options, 32);
LPOSS_FIRST_SIZE(lposs_solver_options, 40);
LPOSS_FIRST_SIZE(lposs_segment_inputs, 344);
LPOSS_FIRST_SIZE(lposs_segment_options, 160);
LPOSS_FIRST_SIZE(lposs_segment_outputs, 176);
LPOSS_FIRST_SIZE(lposs_solve_report, 64);
LPOSS_FIRST_SIZE(lposs_segment_report, 200);
LPOSS_FIRST_SIZE(lposs_refine_options, 80);
LPOSS_FIRST_SIZE(lposs_refine_inputs, 184);
LPOSS_FIRST_SIZE(lposs_graph_info, 32);
LPOSS_FIRST_SIZE(lposs_option_info, 48);
#undef LPOSS_FIRST_SIZE

/// Refuses NULL and a struct_size below the first release's.
template <class Struct>
void check_struct_size(const Struct* given, const char* name, uint32_t first = FirstSize<Struct>::value) {
    if (!given) fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is NULL", name);
    if (given->struct_size < first)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s.struct_size: is %u; it must be %u or more (use the _init function)",
             name, given->struct_size, first);
}

/// Structs that lie inside of others keep their size.
template <class Struct>
void check_part_size(const Struct& part, const char* name) {
    if (part.struct_size != sizeof(Struct))
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s.struct_size: is %u; it must be %zu (use the _init function)", name,
             part.struct_size, sizeof(Struct));
}

/// An input struct of any caller as this library's: `defaults`, with what the caller has given over it.
template <class Struct>
Struct read_struct(const Struct* given, const char* name, Struct defaults, uint32_t first = FirstSize<Struct>::value) {
    check_struct_size(given, name, first);
    const size_t size = given->struct_size;
    const auto* bytes = reinterpret_cast<const unsigned char*>(given);
    for (size_t i = sizeof(Struct); i < size; ++i)
        if (bytes[i] != 0)
            fail(LPOSS_ERROR_INVALID_ARGUMENT,
                 "%s: byte %zu of its %zu is set, but this library (%s) knows the first %zu; a newer library is needed",
                 name, i, size, lposs_version_string(), sizeof(Struct));
    std::memcpy(static_cast<void*>(&defaults), given, std::min(size, sizeof(Struct)));
    defaults.struct_size = sizeof(Struct);
    return defaults;
}

/// The same over what the struct's _init function gives.
template <class Struct>
Struct read_struct(const Struct* given, const char* name, void (*init)(Struct*)) {
    Struct defaults;
    init(&defaults);
    return read_struct(given, name, defaults);
}

/// The same for a struct that may be left out: NULL stands for what the _init function gives.
template <class Struct>
Struct read_optional_struct(const Struct* given, const char* name, void (*init)(Struct*)) {
    Struct defaults;
    init(&defaults);
    return given ? read_struct(given, name, defaults) : defaults;
}

/// Fills an output struct of any caller.
template <class Struct>
void write_struct(Struct* target, const Struct& value) {
    const uint32_t size = target->struct_size;
    std::memcpy(static_cast<void*>(target), &value, std::min<size_t>(size, sizeof(Struct)));
    if (size > sizeof(Struct))
        std::memset(reinterpret_cast<unsigned char*>(target) + sizeof(Struct), 0, size - sizeof(Struct));
    target->struct_size = size;
}

} // namespace lposs
