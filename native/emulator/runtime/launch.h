// The kernels launched so far, and the order of their threads.
#pragma once

#include "emulator/cuda.h"

#include <vector>

namespace emulator {

struct LaunchedKernel {
    std::string name; // without namespace and template arguments
    std::uint64_t launches;
};
const std::vector<LaunchedKernel>& launched_kernels();

/// As EMULATOR_ORDER; false where the text is no order.
bool set_order(const char* order);

} // namespace emulator
