// Memory of the context's kind, for callers who keep their tensors where the context works.
#include "api/guard.h"
#include "core/staging.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_memory_allocate(lposs_context* context, int64_t bytes, void** pointer) {
    return guard([&] {
        if (!pointer) fail(LPOSS_ERROR_INVALID_ARGUMENT, "pointer: is NULL; it must point to a pointer");
        *pointer = nullptr;
        const ContextCall call(context);
        Backend& backend = call.backend();
        if (bytes < 1)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "bytes: is %lld; it may be 1 or more", static_cast<long long>(bytes));
        *pointer = backend.pool()->allocate(bytes);
    });
}

LPOSS_API lposs_status lposs_memory_release(lposs_context* context, void* pointer, int64_t) {
    return guard(context, [&](Backend& backend) {
        if (pointer && !backend.pool()->release(pointer))
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "pointer: is not one that lposs_memory_allocate gave for this context");
    });
}

LPOSS_API lposs_status lposs_tensor_copy(lposs_context* context, const lposs_tensor* source,
                                         const lposs_tensor* target) {
    return guard(context, [&](Backend& backend) {
        check_any_tensor(check_struct(source, "source"), "source");
        check_any_tensor(check_struct(target, "target"), "target");
        bool alike = target->dtype == source->dtype && target->ndim == source->ndim;
        for (int32_t i = 0; alike && i < source->ndim; ++i) alike = target->shape[i] == source->shape[i];
        if (!alike)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "target: is %s; it must be %s like the source",
                 describe(*target).c_str(), describe(*source).c_str());
        check_reachable(backend, *source, "source");
        check_reachable(backend, *target, "target");
        check_apart(*target, "target", *source, "source");
        backend.copy(target->data, target->memory, source->data, source->memory,
                     static_cast<size_t>(byte_count(*source)));
    });
}

} // extern "C"
