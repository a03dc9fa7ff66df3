// sRGB to CIE Lab (IEC 61966-2-1, CIE 15; D65 white, 2 degrees). In double: the pixel graph takes exp(-|dLab| / 0.01),
// which would see the rounding of float cube roots.
#include "core/operations/lab.h"

#include "cuda/runtime/workspace.h"

#include <algorithm>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;

__device__ __forceinline__ double linear(double value) {
    return value > 0.04045 ? pow((value + 0.055) / 1.055, 2.4) : value / 12.92;
}

__device__ __forceinline__ double lightness(double t) {
    return t > 0.008856 ? cbrt(t) : 7.787 * t + 4.0 / 29.0;
}

__device__ __forceinline__ void store_lab(double r, double g, double b, float* lab) {
    const double x = lightness((0.412453 * r + 0.357580 * g + 0.180423 * b) / 0.95047);
    const double y = lightness(0.212671 * r + 0.715160 * g + 0.072169 * b);
    const double z = lightness((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883);
    lab[0] = static_cast<float>(116.0 * y - 16.0);
    lab[1] = static_cast<float>(500.0 * (x - y));
    lab[2] = static_cast<float>(200.0 * (y - z));
}

/// A block takes pieces of `threads` pixels. Its threads first make what the 256 values of a channel can become: one
/// power each instead of three for every pixel.
__global__ void bytes_to_lab_kernel(const uint8_t* image, int64_t pixels, float* lab) {
    GPU_SHARED(double, linear_values, [256]);
    static_assert(threads == 256, "a thread for each value");
    linear_values[threadIdx.x] = linear(static_cast<double>(threadIdx.x) / 255.0);
    __syncthreads();
    for (int64_t i = int64_t{blockIdx.x} * threads + threadIdx.x; i < pixels; i += int64_t{gridDim.x} * threads)
        store_lab(linear_values[image[3 * i]], linear_values[image[3 * i + 1]], linear_values[image[3 * i + 2]],
                  lab + 3 * i);
}

__global__ void floats_to_lab_kernel(const float* image, int64_t pixels, float* lab) {
    const int64_t i = int64_t{blockIdx.x} * threads + threadIdx.x;
    if (i < pixels)
        store_lab(linear(static_cast<double>(image[3 * i])), linear(static_cast<double>(image[3 * i + 1])),
                  linear(static_cast<double>(image[3 * i + 2])), lab + 3 * i);
}

// ---------------------------------------------------------------------------- launchers

constexpr int64_t piece_blocks = GPU_ON_HOST ? 2 : 1024; // each makes its powers once; few on the host, to take turns

} // namespace

void rgb_to_lab(const Workspace& work, const LabArguments<uint8_t>& a) {
    GPU_LAUNCH(bytes_to_lab_kernel, block_count(std::min(ceil_div(a.pixels, threads), piece_blocks), 1), threads, 0,
               work.stream, a.image, a.pixels, a.lab);
}

void rgb_to_lab(const Workspace& work, const LabArguments<float>& a) {
    GPU_LAUNCH(floats_to_lab_kernel, block_count(a.pixels, threads), threads, 0, work.stream, a.image, a.pixels, a.lab);
}

} // namespace lposs::cuda
