#include "cuda/graph/device_graph.h"

namespace lposs::cuda {

DeviceGraph::~DeviceGraph() {
    wait_for_uses();
    if (made_) (void)cudaEventDestroy(made_);
}

void DeviceGraph::propagate(const Workspace& work, const PropagateArguments& a) const {
    wait_until_made(work.stream);
    solve(work, a);
    remember_use(work.stream);
}

void DeviceGraph::mark_made() {
    GPU_CHECK(cudaEventCreateWithFlags(&made_, cudaEventDisableTiming));
    GPU_CHECK(cudaEventRecord(made_, home_->handle()));
}

void DeviceGraph::wait_until_made(cudaStream_t stream) const {
    if (stream != home_->handle()) GPU_CHECK(cudaStreamWaitEvent(stream, made_, 0));
}

void DeviceGraph::wait_until_made() const {
    GPU_CHECK(cudaEventSynchronize(made_));
}

void DeviceGraph::remember_use(cudaStream_t stream) const {
    if (stream == home_->handle()) return; // ordered by the stream itself
    const std::lock_guard<std::mutex> hold(lock_);
    cudaEvent_t& last = uses_[stream];
    if (!last) GPU_CHECK(cudaEventCreateWithFlags(&last, cudaEventDisableTiming));
    GPU_CHECK(cudaEventRecord(last, stream));
}

void DeviceGraph::wait_for_uses() noexcept {
    for (const auto& [stream, last] : uses_) {
        if (!last) continue;
        (void)cudaEventSynchronize(last);
        (void)cudaEventDestroy(last);
    }
    uses_.clear();
}

} // namespace lposs::cuda
