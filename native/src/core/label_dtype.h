// Which integers a label map may be made of.
#pragma once

#include "core/tensor.h"

namespace lposs {

constexpr std::initializer_list<lposs_dtype> label_dtypes = {LPOSS_UINT8, LPOSS_UINT16, LPOSS_INT32};

/// Refuses a dtype that cannot hold the classes 0 to classes - 1.
inline void check_label_dtype(lposs_dtype dtype, int64_t classes, const char* name) {
    const int64_t room = dtype == LPOSS_UINT8 ? 256 : dtype == LPOSS_UINT16 ? 65536 : INT32_MAX;
    if (classes > room)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: %s holds %lld classes; there are %lld", name, dtype_name(dtype),
             static_cast<long long>(room), static_cast<long long>(classes));
}

} // namespace lposs
