#include "cpu/solve/conjugate_gradient.h"

#include <cmath>

namespace lposs::cpu {

void conjugate_gradient(LinearSystem& system, int64_t columns, const lposs_solver_options& options, Progress& progress,
                        SolveResult& result) {
    const auto count = static_cast<size_t>(columns);
    std::vector<double> yy(count), rr(count), previous(count), pq(count);
    std::vector<float> a(count), b(count, 0.0F);
    result.steps.assign(count, 0);
    result.residuals.assign(count, 0.0F);

    system.start(rr.data());
    yy = rr;
    std::vector<int32_t> active;
    for (size_t c = 0; c < count; ++c)
        if (yy[c] != 0.0) active.push_back(static_cast<int32_t>(c)); // what is not finite runs, and shows

    const double tolerance = options.tolerance;
    for (int32_t step = 1; step <= options.max_steps && !active.empty(); ++step) {
        system.apply(active, b.data(), pq.data());
        for (const int32_t column : active) {
            const auto c = static_cast<size_t>(column);
            a[c] = static_cast<float>(rr[c] / pq[c]);
        }
        previous = rr;
        system.descend(active, a.data(), rr.data());

        std::vector<int32_t> still_active;
        for (const int32_t column : active) {
            const auto c = static_cast<size_t>(column);
            b[c] = static_cast<float>(rr[c] / previous[c]);
            result.steps[c] = step;
            const double residual = std::sqrt(rr[c] / yy[c]);
            result.residuals[c] = static_cast<float>(residual);
            if (residual > tolerance) still_active.push_back(column); // not where it is not a number
        }
        active = std::move(still_active);
        progress.advance(static_cast<double>(step) / options.max_steps);
    }
    system.finish();
}

} // namespace lposs::cpu
