// sRGB to CIE Lab (IEC 61966-2-1, CIE 15; D65 white, 2 degrees). In double: the pixel graph takes exp(-|dLab|
// / 0.01), which would see the rounding of float cube roots.
#include "cuda/lab.h"

#include "cuda/gpu.h"

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;

__device__ __forceinline__ double linear(double value) {
    return value > 0.04045 ? pow((value + 0.055) / 1.055, 2.4) : value / 12.92;
}
__device__ __forceinline__ double linear_channel(uint8_t value) {
    return linear(value / 255.0);
}
__device__ __forceinline__ double linear_channel(float value) {
    return linear(static_cast<double>(value));
}

__device__ __forceinline__ double lightness(double t) {
    return t > 0.008856 ? cbrt(t) : 7.787 * t + 4.0 / 29.0;
}

template <class Channel>
__global__ void rgb_to_lab_kernel(const Channel* image, int64_t pixels, float* lab) {
    const int64_t i = int64_t{blockIdx.x} * threads + threadIdx.x;
    if (i < pixels) {
        const double r = linear_channel(image[3 * i]);
        const double g = linear_channel(image[3 * i + 1]);
        const double b = linear_channel(image[3 * i + 2]);
        const double x = lightness((0.412453 * r + 0.357580 * g + 0.180423 * b) / 0.95047);
        const double y = lightness(0.212671 * r + 0.715160 * g + 0.072169 * b);
        const double z = lightness((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883);
        lab[3 * i] = static_cast<float>(116.0 * y - 16.0);
        lab[3 * i + 1] = static_cast<float>(500.0 * (x - y));
        lab[3 * i + 2] = static_cast<float>(200.0 * (y - z));
    }
}

// ---------------------------------------------------------------------------- launchers

template <class Channel>
void convert(const Workspace& work, const Channel* image, int64_t pixels, float* lab) {
    GPU_LAUNCH((rgb_to_lab_kernel<Channel>), block_count(pixels, threads), threads, 0, work.stream, image,
               pixels, lab);
}

} // namespace

void rgb_to_lab(const Workspace& work, const uint8_t* image, int64_t pixels, float* lab) {
    convert(work, image, pixels, lab);
}
void rgb_to_lab(const Workspace& work, const float* image, int64_t pixels, float* lab) {
    convert(work, image, pixels, lab);
}

} // namespace lposs::cuda
