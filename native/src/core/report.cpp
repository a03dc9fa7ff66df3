#include "core/report.h"

#include "core/struct_io.h"

#include <algorithm>
#include <cmath>

namespace lposs {

namespace {

void check_capacity(const lposs_solve_report& report, const char* name) {
    if (report.column_capacity < 0)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s.column_capacity: is %d; it may be 0 or more", name,
             report.column_capacity);
}

} // namespace

lposs_solve_report read_report(const lposs_solve_report* report, const char* name) {
    const auto own = read_optional_struct(report, name, lposs_solve_report_init);
    check_capacity(own, name);
    return own;
}

lposs_segment_report read_report(const lposs_segment_report* report, const char* name) {
    const auto own = read_optional_struct(report, name, lposs_segment_report_init);
    check_part_size(own.patch, "report.patch");
    check_part_size(own.pixel, "report.pixel");
    check_capacity(own.patch, "report.patch");
    check_capacity(own.pixel, "report.pixel");
    return own;
}

bool reads_result(const Backend& backend, const void* report) {
    return report || backend.device() == LPOSS_DEVICE_CPU;
}

void require_finite(const SolveResult& result) {
    for (size_t column = 0; column < result.residuals.size(); ++column)
        if (!std::isfinite(result.residuals[column]))
            fail(LPOSS_ERROR_NOT_FINITE,
                 "the solve of column %zu did not stay finite (residual %g): its values are not finite, or weights and "
                 "alpha make a system without a solution",
                 column, static_cast<double>(result.residuals[column]));
}

void fill_report(const SolveResult& result, float tolerance, double milliseconds, lposs_solve_report& report) {
    const size_t columns = result.steps.size();
    const size_t room = std::min(columns, static_cast<size_t>(report.column_capacity));
    if (report.steps) std::copy_n(result.steps.begin(), room, report.steps);
    if (report.residuals) std::copy_n(result.residuals.begin(), room, report.residuals);
    report.column_count = static_cast<int32_t>(columns);
    report.converged = 0;
    report.largest_residual = 0.0F;
    for (const float residual : result.residuals) {
        if (residual <= tolerance) ++report.converged;
        // A residual that is not a number counts as the largest: it must be seen.
        if (!(residual <= report.largest_residual)) report.largest_residual = residual;
    }
    report.milliseconds = milliseconds;
}

} // namespace lposs
