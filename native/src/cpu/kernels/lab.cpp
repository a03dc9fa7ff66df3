#include "cpu/kernels/lab.h"

#include "cpu/kernels/elementary.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

LPOSS_INLINE DoubleVector load_doubles(const double* p) {
    return *reinterpret_cast<const DoubleVector*>(p);
}
LPOSS_INLINE void store_doubles(double* p, DoubleVector v) {
    *reinterpret_cast<DoubleVector*>(p) = v;
}

/// x^(1/root) for normal x > 0 to a few per cent: the bits of a float are nearly its logarithm, which is divided.
LPOSS_INLINE DoubleVector rough_root(DoubleVector x, float root) {
    constexpr float bits_of_one = 1064975338.0F; // 2^23 (127 - 0.045): the error is spread evenly
    const Vector bits =
        __builtin_convertvector(reinterpret_cast<IntVector>(__builtin_convertvector(x, Vector)), Vector);
    const IntVector divided =
        __builtin_convertvector(bits * (1.0F / root) + bits_of_one * (1.0F - 1.0F / root), IntVector);
    return to_double(reinterpret_cast<Vector>(divided));
}

/// Two steps of Halley's method, each of which cubes the error: 1e-13.
LPOSS_INLINE DoubleVector cube_root(DoubleVector x) {
    DoubleVector y = rough_root(x, 3.0F);
    for (int i = 0; i < 2; ++i) {
        const DoubleVector cube = y * y * y;
        y *= (cube + 2.0 * x) / (2.0 * cube + x);
    }
    return y;
}

/// Four steps of Newton's method, each of which squares the error.
LPOSS_INLINE DoubleVector fifth_root(DoubleVector x) {
    DoubleVector y = rough_root(x, 5.0F);
    for (int i = 0; i < 4; ++i) {
        const DoubleVector square = y * y;
        y = 0.8 * y + 0.2 * x / (square * square);
    }
    return y;
}

/// ((c + 0.055) / 1.055)^2.4 above 0.04045, else c / 12.92.
LPOSS_INLINE DoubleVector linear_light(DoubleVector c) {
    const DoubleVector x = ((c > 0.04045 ? c : DoubleVector{} + 1.0) + 0.055) * (1.0 / 1.055);
    const DoubleVector root = fifth_root(x);
    return c > 0.04045 ? x * x * root * root : c * (1.0 / 12.92);
}

/// The curve f of CIE Lab.
LPOSS_INLINE DoubleVector lightness(DoubleVector t) {
    constexpr double linear_below = 0.008856;
    const DoubleVector root = cube_root(t > linear_below ? t : DoubleVector{} + linear_below);
    return t > linear_below ? root : 7.787 * t + 4.0 / 29.0;
}

struct Block {
    alignas(128) double channel[3][lanes];
};

/// Linear light -> Lab of `count` <= lanes pixels.
LPOSS_INLINE void write_lab(Block& block, int64_t count, float* lab) {
    const DoubleVector r = load_doubles(block.channel[0]), g = load_doubles(block.channel[1]),
                       b = load_doubles(block.channel[2]);
    const DoubleVector x = lightness((0.412453 * r + 0.357580 * g + 0.180423 * b) * (1.0 / 0.95047));
    const DoubleVector y = lightness(0.212671 * r + 0.715160 * g + 0.072169 * b);
    const DoubleVector z = lightness((0.019334 * r + 0.119193 * g + 0.950227 * b) * (1.0 / 1.08883));
    store_doubles(block.channel[0], 116.0 * y - 16.0);
    store_doubles(block.channel[1], 500.0 * (x - y));
    store_doubles(block.channel[2], 200.0 * (y - z));
    for (int64_t i = 0; i < count; ++i)
        for (int c = 0; c < 3; ++c) lab[3 * i + c] = static_cast<float>(block.channel[c][i]);
}

void from_bytes(const uint8_t* image, const double* linear, int64_t pixels, float* lab) {
    for (int64_t first = 0; first < pixels; first += lanes) {
        const int64_t count = pixels - first < lanes ? pixels - first : lanes;
        Block block = {};
        for (int64_t i = 0; i < count; ++i)
            for (int c = 0; c < 3; ++c) block.channel[c][i] = linear[image[3 * (first + i) + c]];
        write_lab(block, count, lab + 3 * first);
    }
}

void from_floats(const float* image, int64_t pixels, float* lab) {
    for (int64_t first = 0; first < pixels; first += lanes) {
        const int64_t count = pixels - first < lanes ? pixels - first : lanes;
        Block block = {};
        for (int64_t i = 0; i < count; ++i)
            for (int c = 0; c < 3; ++c) block.channel[c][i] = static_cast<double>(image[3 * (first + i) + c]);
        for (double(&channel)[lanes] : block.channel) store_doubles(channel, linear_light(load_doubles(channel)));
        write_lab(block, count, lab + 3 * first);
    }
}

} // namespace

extern const LabKernels lab_kernels;
const LabKernels lab_kernels = {from_bytes, from_floats};

} // namespace lposs::cpu::LPOSS_ISA
