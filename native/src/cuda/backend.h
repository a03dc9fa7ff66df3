#pragma once
#include "core/backend.h"

namespace lposs::cuda {

/// LPOSS_ERROR_BACKEND_UNAVAILABLE, naming what is missing, where there is no driver or device.
std::unique_ptr<Backend> make_backend(const BackendOptions& options);

} // namespace lposs::cuda
