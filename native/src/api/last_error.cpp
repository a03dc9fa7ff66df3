// The text of the last failure, one per thread, and the names of the statuses.
#include "api/guard.h"

#include <cstdio>

namespace lposs {
namespace {

// An array, not a string: setting it must not be able to fail.
thread_local char last_error[1024] = "";

} // namespace

void clear_last_error() noexcept {
    last_error[0] = '\0';
}

void set_last_error(const char* text) noexcept {
    std::snprintf(last_error, sizeof last_error, "%s", text);
}

} // namespace lposs

extern "C" {

LPOSS_API const char* lposs_last_error(void) {
    return lposs::last_error;
}

LPOSS_API const char* lposs_status_name(lposs_status status) {
    switch (status) {
    case LPOSS_OK:
        return "LPOSS_OK";
    case LPOSS_ERROR_INVALID_ARGUMENT:
        return "LPOSS_ERROR_INVALID_ARGUMENT";
    case LPOSS_ERROR_NOT_FINITE:
        return "LPOSS_ERROR_NOT_FINITE";
    case LPOSS_ERROR_OUT_OF_MEMORY:
        return "LPOSS_ERROR_OUT_OF_MEMORY";
    case LPOSS_ERROR_MEMORY_LIMIT:
        return "LPOSS_ERROR_MEMORY_LIMIT";
    case LPOSS_ERROR_BACKEND_UNAVAILABLE:
        return "LPOSS_ERROR_BACKEND_UNAVAILABLE";
    case LPOSS_ERROR_DEVICE:
        return "LPOSS_ERROR_DEVICE";
    case LPOSS_ERROR_UNSUPPORTED:
        return "LPOSS_ERROR_UNSUPPORTED";
    case LPOSS_ERROR_INTERNAL:
        return "LPOSS_ERROR_INTERNAL";
    case LPOSS_ERROR_CANCELLED:
        return "LPOSS_ERROR_CANCELLED";
    case LPOSS_ERROR_BUSY:
        return "LPOSS_ERROR_BUSY";
    default:
        return "unknown status";
    }
}

} // extern "C"
