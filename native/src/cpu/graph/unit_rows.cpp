#include "cpu/graph/unit_rows.h"

#include "core/checked_size.h"

#include <algorithm>

namespace lposs::cpu {

void normalise_rows(const Workspace& work, const float* features, int64_t n, int64_t d, float* unit) {
    constexpr int64_t rows_per_task = 64;
    work.threads.run(ceil_div(n, rows_per_task), [&](int64_t task, int) {
        const int64_t end = std::min((task + 1) * rows_per_task, n);
        for (int64_t i = task * rows_per_task; i < end; ++i)
            work.kernels.unit_rows.normalise(features + i * d, d, unit + i * d);
    });
}

} // namespace lposs::cpu
