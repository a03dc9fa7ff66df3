#pragma once
#include "core/memory_pool.h"
#include "cuda/runtime/device_stream.h"

namespace lposs::cuda {

/// Device memory: from the caller's hook where `allocator` is not null, else from the driver.
std::unique_ptr<RawMemory> make_device_memory(const std::shared_ptr<DeviceStream>& stream,
                                              const lposs_allocator* allocator);

} // namespace lposs::cuda
