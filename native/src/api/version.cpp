#include "lposs/lposs.h"

#define LPOSS_STRINGIFY_(x) #x
#define LPOSS_STRINGIFY(x) LPOSS_STRINGIFY_(x)

extern "C" {

LPOSS_API int32_t lposs_version(void) {
    return LPOSS_VERSION_MAJOR * 1'000'000 + LPOSS_VERSION_MINOR * 1'000 + LPOSS_VERSION_PATCH;
}

LPOSS_API const char* lposs_version_string(void) {
    return LPOSS_STRINGIFY(LPOSS_VERSION_MAJOR) "." LPOSS_STRINGIFY(LPOSS_VERSION_MINOR) "." LPOSS_STRINGIFY(
        LPOSS_VERSION_PATCH);
}

} // extern "C"
