// Checks that images share, and the way from an image to Lab.
#pragma once

#include "core/staging.h"

namespace lposs {

/// Nodes of one graph are counted by int32.
inline void check_node_count(int64_t n, const char* name) {
    if (n > INT32_MAX)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: gives %lld nodes; a graph may have up to %d", name,
             static_cast<long long>(n), INT32_MAX);
}

/// Refuses what is no [H,W,3] image of at most 2^31 - 1 pixels, and float values outside 0 to 1 in host memory.
void check_image(const lposs_tensor& image, const char* name, std::initializer_list<lposs_dtype> dtypes);

/// H x W of a checked image or map.
inline ImageSize image_size(const lposs_tensor& image) {
    return {image.shape[0], image.shape[1]};
}

/// lab [H,W,3], in the backend's memory, of a checked image.
void convert_to_lab(Backend& backend, const lposs_tensor& image, const char* name, float* lab);

/// The same in a buffer of its own.
Buffer<float> staged_lab(Backend& backend, const lposs_tensor& image, const char* name);

} // namespace lposs
