#include "cpu/kernels/descent.h"

#include "cpu/kernels/elementary.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

double sum_of(DoubleVector v) {
    double total = 0.0;
    for (int l = 0; l < lanes; ++l) total += v[l];
    return total;
}

double square(const float* r, int64_t count) {
    DoubleVector sum = {};
    for (int64_t i = 0; i < count; i += lanes) {
        const DoubleVector residual = to_double(load(r + i));
        sum += residual * residual;
    }
    return sum_of(sum);
}

double descend(float* r, const float* q, int64_t count, float a) {
    DoubleVector sum = {};
    for (int64_t i = 0; i < count; i += lanes) {
        const Vector residual = load(r + i) - a * load(q + i);
        store(r + i, residual);
        sum += to_double(residual) * to_double(residual);
    }
    return sum_of(sum);
}

void advance(float* x, const float* p, int64_t count, float a, bool from_zero) {
    for (int64_t i = 0; i < count; i += lanes) {
        const Vector step = a * load(p + i);
        store(x + i, from_zero ? step : load(x + i) + step);
    }
}

void turn(float* x, float* p, const float* r, int64_t count, float a, float b, bool from_zero) {
    for (int64_t i = 0; i < count; i += lanes) {
        const Vector direction = load(p + i);
        const Vector step = a * direction;
        store(x + i, from_zero ? step : load(x + i) + step);
        store(p + i, load(r + i) + b * direction);
    }
}

} // namespace

extern const DescentKernels descent_kernels;
const DescentKernels descent_kernels = {square, descend, advance, turn};

} // namespace lposs::cpu::LPOSS_ISA
