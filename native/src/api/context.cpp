#include "core/context.h"

#include "api/guard.h"
#include "core/backend_library.h"
#include "core/struct_io.h"

#include <cstdio>

namespace lposs {
namespace {

BackendOptions check_context_options(const lposs_context_options& options) {
    if (options.device != LPOSS_DEVICE_CPU && options.device != LPOSS_DEVICE_CUDA)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "options.device: is %d; it may be 0 (CPU) or 1 (CUDA)", options.device);
    if (options.device_index < 0 || (options.device == LPOSS_DEVICE_CPU && options.device_index != 0))
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "options.device_index: is %d; it must be 0 on the CPU, 0 or more on CUDA",
             options.device_index);
    if (options.thread_count < 0 || options.thread_count > 1024)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "options.thread_count: is %d; it may be 0 (all) to 1024",
             options.thread_count);
    if (options.memory_limit < 0)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "options.memory_limit: is %lld; it may be 0 (none) or a number of bytes",
             static_cast<long long>(options.memory_limit));
    if (options.stream && options.device == LPOSS_DEVICE_CPU)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "options.stream: is given, but the CPU has no streams; it must be NULL");

    BackendOptions checked;
    checked.device_index = options.device_index;
    checked.thread_count = options.thread_count;
    checked.memory_limit = options.memory_limit;
    checked.stream = options.stream;
    if (options.allocator) {
        const auto allocator = read_struct(options.allocator, "options.allocator", lposs_allocator_init);
        if (!allocator.allocate || !allocator.release)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "options.allocator: allocate and release must both be given");
        checked.has_allocator = true;
        checked.allocator = allocator;
    }
    return checked;
}

} // namespace
} // namespace lposs

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_context_create(const lposs_context_options* options, lposs_context** context) {
    return guard([&] {
        if (!context) fail(LPOSS_ERROR_INVALID_ARGUMENT, "context: is NULL; it must point to a pointer");
        *context = nullptr;
        const auto given = read_optional_struct(options, "options", lposs_context_options_init);
        const BackendOptions checked = check_context_options(given);
        auto made = std::make_unique<lposs_context>();
        made->backend = given.device == LPOSS_DEVICE_CPU ? cpu::make_backend(checked) : make_cuda_backend(checked);
        *context = made.release();
    });
}

LPOSS_API void lposs_context_destroy(lposs_context* context) {
    if (!context) return;
    guard([&] { context->backend->synchronize(); });
    delete context;
}

LPOSS_API lposs_status lposs_context_synchronize(lposs_context* context) {
    return guard(context, [&](Backend& backend) { backend.synchronize(); });
}

LPOSS_API lposs_status lposs_context_get_stream(lposs_context* context, void** stream) {
    return guard(context, [&](const Backend& backend) {
        if (!stream) fail(LPOSS_ERROR_INVALID_ARGUMENT, "stream: is NULL; it must point to a pointer");
        *stream = backend.stream();
    });
}

LPOSS_API lposs_status lposs_context_get_info(lposs_context* context, lposs_context_info* info) {
    return guard(context, [&](const Backend& backend) {
        check_struct_size(info, "info");
        const BackendInfo known = backend.info();
        lposs_context_info facts;
        lposs_context_info_init(&facts);
        facts.device = backend.device();
        facts.device_index = backend.device_index();
        facts.thread_count = known.thread_count;
        facts.memory_in_use = backend.pool()->in_use();
        facts.memory_peak = backend.pool()->peak();
        std::snprintf(facts.device_name, sizeof facts.device_name, "%s", known.device_name.c_str());
        std::snprintf(facts.backend, sizeof facts.backend, "%s", known.backend.c_str());
        write_struct(info, facts);
    });
}

LPOSS_API lposs_status lposs_context_reset_memory_peak(lposs_context* context) {
    return guard(context, [&](Backend& backend) { backend.pool()->reset_peak(); });
}

LPOSS_API lposs_status lposs_context_set_progress(lposs_context* context, lposs_progress_callback callback,
                                                  void* user) {
    return guard(context, [&](Backend& backend) { backend.progress().listen(callback, user); });
}

LPOSS_API lposs_status lposs_device_probe(lposs_device device, int32_t device_index, char* name, size_t capacity) {
    return guard([&] {
        if (!name && capacity > 0)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "name: is NULL, but its capacity is %zu; it must be 0", capacity);
        if (device == LPOSS_DEVICE_CPU) {
            if (device_index != 0)
                fail(LPOSS_ERROR_INVALID_ARGUMENT, "device_index: is %d; it must be 0 on the CPU", device_index);
            if (capacity > 0) std::snprintf(name, capacity, "%s", cpu::processor_name().c_str());
        } else if (device == LPOSS_DEVICE_CUDA) {
            probe_cuda(device_index, name, capacity);
        } else {
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "device: is %d; it may be 0 (CPU) or 1 (CUDA)", device);
        }
    });
}

} // extern "C"
