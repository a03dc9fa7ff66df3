// The stream that a context works on: its own, or the caller's.
#pragma once

#include "cuda/runtime/gpu.h"

#include <memory>

namespace lposs::cuda {

/// Makes a device the thread's current one and puts the former one back.
class DeviceScope {
public:
    explicit DeviceScope(int device) {
        GPU_CHECK(cudaGetDevice(&former_));
        if (former_ != device) GPU_CHECK(cudaSetDevice(device));
    }
    ~DeviceScope() { (void)cudaSetDevice(former_); }
    DeviceScope(const DeviceScope&) = delete;
    DeviceScope& operator=(const DeviceScope&) = delete;

private:
    int former_ = 0;
};

/// Shared by a context, its memory and its graphs: an allocator hook gets the stream until its last block is back.
class DeviceStream {
public:
    /// `given`: the caller's stream, or nullptr for a new one.
    DeviceStream(int device, void* given) : device_(device), handle_(static_cast<cudaStream_t>(given)) {
        if (given) return;
        const DeviceScope scope(device);
        GPU_CHECK(cudaStreamCreateWithFlags(&handle_, cudaStreamNonBlocking));
        owned_ = true;
    }
    ~DeviceStream() {
        if (owned_) (void)cudaStreamDestroy(handle_);
    }
    DeviceStream(const DeviceStream&) = delete;
    DeviceStream& operator=(const DeviceStream&) = delete;

    int device() const { return device_; }
    cudaStream_t handle() const { return handle_; }

private:
    int device_;
    cudaStream_t handle_;
    bool owned_ = false;
};

} // namespace lposs::cuda
