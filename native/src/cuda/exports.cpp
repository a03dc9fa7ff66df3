// What liblposs_cuda.so exports, each behind a guard: no exception crosses here. The methods of a backend may throw
// lposs::Error; liblposs.so, which calls them, has its own guard.
#include "cuda/backend.h"
#include "cuda/runtime/device.h"
#include "cuda/runtime/device_call.h"

#include <cstdio>
#include <new>

namespace {

void write_text(const char* text, char* target, size_t capacity) {
    if (target && capacity > 0) std::snprintf(target, capacity, "%s", text);
}

template <class Body>
lposs_status guard(char* error, size_t capacity, Body&& body) noexcept {
    try {
        body();
        write_text("", error, capacity);
        return LPOSS_OK;
    } catch (const lposs::Error& failure) {
        write_text(failure.what(), error, capacity);
        return failure.status();
    } catch (const gpu::Error& failure) {
        write_text(failure.what(), error, capacity);
        return LPOSS_ERROR_DEVICE;
    } catch (const std::bad_alloc&) {
        write_text("the system has no more memory for the CUDA backend", error, capacity);
        return LPOSS_ERROR_OUT_OF_MEMORY;
    } catch (const std::exception& failure) {
        write_text(failure.what(), error, capacity);
        return LPOSS_ERROR_INTERNAL;
    } catch (...) {
        write_text("an unknown exception was thrown inside the CUDA backend", error, capacity);
        return LPOSS_ERROR_INTERNAL;
    }
}

} // namespace

extern "C" {

LPOSS_API int32_t lposs_backend_abi(void) {
    return LPOSS_BACKEND_ABI;
}

LPOSS_API lposs_status lposs_backend_create(const lposs::BackendOptions* options, lposs::Backend** backend, char* error,
                                            size_t error_capacity) {
    return guard(error, error_capacity, [&] { *backend = lposs::cuda::make_backend(*options).release(); });
}

LPOSS_API lposs_status lposs_backend_probe(int32_t device_index, char* name, size_t name_capacity, char* error,
                                           size_t error_capacity) {
    return guard(error, error_capacity, [&] {
        const cudaDeviceProp device = lposs::cuda::find_device(device_index);
        write_text(device.name, name, name_capacity);
    });
}

} // extern "C"
