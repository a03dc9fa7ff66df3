// Sizes are checked before they are multiplied.
#pragma once

#include "core/error.h"

#include <cstddef>
#include <cstdint>

namespace lposs {

/// a * b for non-negative sizes; LPOSS_ERROR_INVALID_ARGUMENT, naming `what`, if it does not fit 63 bits.
inline int64_t checked_multiply(int64_t a, int64_t b, const char* what) {
    int64_t product = 0;
    if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &product))
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: %lld times %lld is not a size that can be addressed", what,
             static_cast<long long>(a), static_cast<long long>(b));
    return product;
}

inline int64_t checked_multiply(int64_t a, int64_t b, int64_t c, const char* what) {
    return checked_multiply(checked_multiply(a, b, what), c, what);
}

inline int64_t ceil_div(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}
inline int64_t round_up(int64_t a, int64_t b) {
    return ceil_div(a, b) * b;
}

} // namespace lposs
