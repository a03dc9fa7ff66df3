// Checks that pictures share, and the way from a picture to Lab.
#pragma once

#include "staging.h"

namespace lposs {

/// Nodes of one graph are counted by int32.
inline void check_node_count(int64_t n, const char* name) {
    if (n > INT32_MAX)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: gives %lld nodes; a graph may have up to %d", name,
             static_cast<long long>(n), INT32_MAX);
}

/// Refuses what is no [H,W,3] picture of at most 2^31 - 1 pixels, and float values outside 0 to 1 in host
/// memory.
void check_picture(const lposs_tensor& image, const char* name, std::initializer_list<lposs_dtype> dtypes);

/// Lab [H,W,3] of a checked picture, in the backend's memory.
Buffer<float> staged_lab(Backend& backend, const lposs_tensor& image, const char* name);

} // namespace lposs
