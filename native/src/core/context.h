// The opaque handles.
#pragma once

#include "core/backend.h"
#include "core/error.h"

#include <atomic>

struct lposs_context {
    std::unique_ptr<lposs::Backend> backend;
    std::atomic<bool> busy{false};
};

struct lposs_graph {
    std::unique_ptr<lposs::Graph> graph;
    lposs_stage solve_stage = LPOSS_STAGE_PATCH_SOLVE; ///< what propagation over it is called
};

namespace lposs {

/// A call on a context, for as long as it lives: refuses NULL, and a second call before the first is over.
class ContextCall {
public:
    explicit ContextCall(lposs_context* context) : context_(context) {
        if (!context) fail(LPOSS_ERROR_INVALID_ARGUMENT, "context: is NULL; make one with lposs_context_create");
        if (context->busy.exchange(true, std::memory_order_acquire))
            fail(LPOSS_ERROR_BUSY, "context: another call on it is not over yet; use one context for each thread");
        backend().progress().restart();
    }
    ~ContextCall() { context_->busy.store(false, std::memory_order_release); }
    ContextCall(const ContextCall&) = delete;
    ContextCall& operator=(const ContextCall&) = delete;

    Backend& backend() const { return *context_->backend; }

private:
    lposs_context* context_;
};

inline lposs_memory memory_of(const Backend& backend) {
    return backend.device() == LPOSS_DEVICE_CUDA ? LPOSS_MEMORY_CUDA : LPOSS_MEMORY_HOST;
}

} // namespace lposs
