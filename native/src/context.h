// The opaque handles.
#pragma once

#include "backend.h"
#include "error.h"

struct lposs_context {
    std::unique_ptr<lposs::Backend> backend;
};

struct lposs_graph {
    std::unique_ptr<lposs::Graph> graph;
};

namespace lposs {

inline Backend& check_context(lposs_context* context) {
    if (!context) fail(LPOSS_ERROR_INVALID_ARGUMENT, "context: is NULL; make one with lposs_context_create");
    return *context->backend;
}

inline lposs_memory memory_of(const Backend& backend) {
    return backend.device() == LPOSS_DEVICE_CUDA ? LPOSS_MEMORY_CUDA : LPOSS_MEMORY_HOST;
}

} // namespace lposs
