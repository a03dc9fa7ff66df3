// Points of a stream whose distance in time can be asked for.
#pragma once

#include "cuda/runtime/gpu.h"

#include <vector>

namespace lposs::cuda {

class Events {
public:
    Events() = default;
    ~Events() {
        for (cudaEvent_t event : events_) (void)cudaEventDestroy(event);
    }
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;

    int add(cudaStream_t stream) {
        if (used_ == events_.size()) {
            events_.push_back(nullptr);
            const cudaError_t made = cudaEventCreate(&events_.back());
            if (made != cudaSuccess) events_.pop_back();
            gpu::check(made, "cudaEventCreate");
        }
        GPU_CHECK(cudaEventRecord(events_[used_], stream));
        return static_cast<int>(used_++);
    }

    /// Waits for the later one.
    double milliseconds(int from, int to) const {
        float span = 0.0f;
        const cudaEvent_t begin = events_.at(static_cast<size_t>(from)), end = events_.at(static_cast<size_t>(to));
        GPU_CHECK(cudaEventSynchronize(end));
        GPU_CHECK(cudaEventElapsedTime(&span, begin, end));
        return static_cast<double>(span);
    }

    /// The events are kept for the marks to come.
    void clear() { used_ = 0; }

private:
    std::vector<cudaEvent_t> events_;
    size_t used_ = 0;
};

} // namespace lposs::cuda
