// A graph's stream order: its memory is made on one stream, read on any, and given back to the first.
#pragma once

#include "cuda/runtime/workspace.h"

#include <map>
#include <mutex>

namespace lposs::cuda {

class DeviceGraph : public Graph {
public:
    ~DeviceGraph() override;
    DeviceGraph(const DeviceGraph&) = delete;
    DeviceGraph& operator=(const DeviceGraph&) = delete;

    lposs_device device() const override { return LPOSS_DEVICE_CUDA; }
    int64_t node_count() const override { return nodes_; }
    int device_index() const { return home_->device(); }

    /// X = (I - alpha S)^-1 Y on the stream of the workspace, which need not be the one that the graph was made on.
    void propagate(const Workspace& work, const PropagateArguments& a) const;

    /// Waits on the host.
    void wait_until_made() const;

protected:
    DeviceGraph(std::shared_ptr<DeviceStream> home, int64_t nodes) : home_(std::move(home)), nodes_(nodes) {}

    /// The solve alone; the graph is ready on the stream.
    virtual void solve(const Workspace& work, const PropagateArguments& a) const = 0;

    /// To be called at the end of a graph's making.
    void mark_made();

    /// To be called first in the destructor of a graph, before its buffers go back to their pool.
    void wait_for_uses() noexcept;

private:
    /// Work queued on `stream` from now on comes after the graph was made.
    void wait_until_made(cudaStream_t stream) const;

    /// Call after queueing work that reads the graph on `stream`: its memory is not given back before.
    void remember_use(cudaStream_t stream) const;

    std::shared_ptr<DeviceStream> home_;
    int64_t nodes_;
    cudaEvent_t made_ = nullptr;
    mutable std::mutex lock_;
    mutable std::map<cudaStream_t, cudaEvent_t> uses_; // on streams that are not home
};

} // namespace lposs::cuda
