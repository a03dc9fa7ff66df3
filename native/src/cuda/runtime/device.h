// What the machine has: driver, runtime, devices.
#pragma once
#include "cuda/runtime/gpu.h"

namespace lposs::cuda {

/// The device's properties. LPOSS_ERROR_BACKEND_UNAVAILABLE says what is missing where there is no such device: the
/// driver, a driver that is new enough (both versions), any device, this index, or a chip that is new enough.
cudaDeviceProp find_device(int device_index);

} // namespace lposs::cuda
