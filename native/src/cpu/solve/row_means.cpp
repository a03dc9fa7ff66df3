#include "core/operations/row_means.h"

#include "core/checked_size.h"
#include "cpu/runtime/workspace.h"

#include <algorithm>

namespace lposs::cpu {

void subtract_row_means(const Workspace& work, const RowMeansArguments& a) {
    constexpr int64_t rows_per_task = 4096;
    work.threads.run(ceil_div(a.m, rows_per_task), [&](int64_t task, int) {
        const int64_t end = std::min((task + 1) * rows_per_task, a.m);
        for (int64_t i = task * rows_per_task; i < end; ++i) {
            const float* row = a.y + i * a.columns;
            double sum = 0.0;
            for (int64_t c = 0; c < a.columns; ++c) sum += static_cast<double>(row[c]);
            const auto mean = static_cast<float>(sum / static_cast<double>(a.columns));
            for (int64_t c = 0; c < a.columns; ++c) a.x[i * a.columns + c] = row[c] - mean;
        }
    });
}

} // namespace lposs::cpu
