#include "spec/lab.h"

#include <cmath>

namespace spec {
namespace {

double linear(double v) {
    return v > 0.04045 ? std::pow((v + 0.055) / 1.055, 2.4) : v / 12.92;
}
double lightness(double t) {
    return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 4.0 / 29.0;
}

} // namespace

Array<double> rgb_to_lab(const Array<double>& rgb) {
    Array<double> lab(rgb.shape);
    for (int64_t i = 0; i < rgb.size(); i += 3) {
        const double r = linear(rgb(i)), g = linear(rgb(i + 1)), b = linear(rgb(i + 2));
        const double x = lightness((0.412453 * r + 0.357580 * g + 0.180423 * b) / 0.95047);
        const double y = lightness(0.212671 * r + 0.715160 * g + 0.072169 * b);
        const double z = lightness((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883);
        lab(i) = 116 * y - 16;
        lab(i + 1) = 500 * (x - y);
        lab(i + 2) = 200 * (y - z);
    }
    return lab;
}

Array<double> rgb_to_lab(const Array<uint8_t>& rgb) {
    Array<double> scaled = cast<double>(rgb);
    for (double& v : scaled.values) v /= 255;
    return rgb_to_lab(scaled);
}

} // namespace spec
