#pragma once
#include "cuda/device_stream.h"
#include "memory_pool.h"

namespace lposs::cuda {

/// Device memory: from the caller's hook where `allocator` is not null, else from the driver.
std::unique_ptr<RawMemory> make_device_memory(const std::shared_ptr<DeviceStream>& stream,
                                              const lposs_allocator* allocator);

} // namespace lposs::cuda
