#include "cpu/kernels/unit_rows.h"

#include "cpu/kernels/elementary.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

void normalise(const float* row, int64_t d, float* unit) {
    DoubleVector squares[2] = {};
    int64_t i = 0;
    for (; i + 2 * lanes <= d; i += 2 * lanes)
        for (int u = 0; u < 2; ++u) {
            const DoubleVector v = to_double(load_unaligned(row + i + u * lanes));
            squares[u] += v * v;
        }
    squares[0] += squares[1];
    double sum = 0.0;
    for (int l = 0; l < lanes; ++l) sum += squares[0][l];
    for (; i < d; ++i) sum += static_cast<double>(row[i]) * static_cast<double>(row[i]);

    // In double, because the reciprocal of a tiny length does not fit a float.
    const double scale = sum > 0.0 ? 1.0 / __builtin_sqrt(sum) : 0.0;
    for (i = 0; i + lanes <= d; i += lanes)
        store_unaligned(unit + i, __builtin_convertvector(to_double(load_unaligned(row + i)) * scale, Vector));
    for (; i < d; ++i) unit[i] = static_cast<float>(static_cast<double>(row[i]) * scale);
}

void subtract(const float* row, const float* offset, int64_t d, float* unit) {
    for (int64_t i = 0; i < d; ++i) unit[i] = row[i] - offset[i];
}

} // namespace

extern const UnitRowKernels unit_row_kernels;
const UnitRowKernels unit_row_kernels = {normalise, subtract};

} // namespace lposs::cpu::LPOSS_ISA
