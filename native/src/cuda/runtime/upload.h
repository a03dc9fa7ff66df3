#pragma once
#include "cuda/runtime/workspace.h"

namespace lposs::cuda {

/// Bytes up to which a copy from the host is not worth waiting for.
constexpr int64_t upload_limit = 32 << 10;

/// Queues a copy of host memory that was read when this returns; it waits only beyond upload_limit.
void upload_bytes(const Workspace& work, const void* host, int64_t bytes, void* target);

/// `count` elements of a host array on the device.
template <class T>
DeviceBuffer<T> upload(const Workspace& work, const T* host, int64_t count, const char* name) {
    DeviceBuffer<T> target = work.buffer<T>(count, name);
    upload_bytes(work, host, count * static_cast<int64_t>(sizeof(T)), target.data());
    return target;
}

} // namespace lposs::cuda
