// liblposs_cuda.so: found, checked and called when CUDA is asked for, so that the same build of liblposs.so runs on
// machines without a driver.
#pragma once

#include "core/backend.h"

namespace lposs {

/// LPOSS_ERROR_BACKEND_UNAVAILABLE, naming what is missing, where there is no library, driver or device.
std::unique_ptr<Backend> make_cuda_backend(const BackendOptions& options);

/// As lposs_device_probe for CUDA.
void probe_cuda(int32_t device_index, char* name, size_t capacity);

} // namespace lposs
