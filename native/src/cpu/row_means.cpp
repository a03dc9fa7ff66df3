#include "cpu/row_means.h"

#include "checked_size.h"

#include <algorithm>

namespace lposs::cpu {

void subtract_row_means(const Workspace& work, const float* y, int64_t m, int64_t columns, float* x) {
    constexpr int64_t rows_per_task = 4096;
    work.threads.run(ceil_div(m, rows_per_task), [&](int64_t task, int) {
        const int64_t end = std::min((task + 1) * rows_per_task, m);
        for (int64_t i = task * rows_per_task; i < end; ++i) {
            const float* row = y + i * columns;
            double sum = 0.0;
            for (int64_t c = 0; c < columns; ++c) sum += static_cast<double>(row[c]);
            const auto mean = static_cast<float>(sum / static_cast<double>(columns));
            for (int64_t c = 0; c < columns; ++c) x[i * columns + c] = row[c] - mean;
        }
    });
}

} // namespace lposs::cpu
