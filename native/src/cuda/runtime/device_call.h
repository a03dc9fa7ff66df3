// Runs what a backend's method does on its device, and turns failures of CUDA into the core's own.
#pragma once

#include "core/error.h"
#include "cuda/runtime/device_stream.h"

namespace lposs::cuda {

template <class Body>
auto on_device(int device, Body&& body) {
    try {
        const DeviceScope scope(device);
        return body();
    } catch (const gpu::Error& error) {
        const bool memory = error.code() == cudaErrorMemoryAllocation;
        throw Error(memory ? LPOSS_ERROR_OUT_OF_MEMORY : LPOSS_ERROR_DEVICE, error.what());
    }
}

} // namespace lposs::cuda
