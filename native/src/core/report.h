// From what a solve did to the caller's report.
#pragma once

#include "core/backend.h"
#include "core/error.h"

namespace lposs {

/// The caller's report as this library's, to be filled and given back by write_struct(); empty where there is none.
/// Refuses a capacity below 0.
lposs_solve_report read_report(const lposs_solve_report* report, const char* name);
lposs_segment_report read_report(const lposs_segment_report* report, const char* name);

/// Whether a solve's result is read: where somebody asks for it, and where that costs no wait.
bool reads_result(const Backend& backend, const void* report);

/// Fails where a solve did not stay finite: its input was not, or its system has no solution.
void require_finite(const SolveResult& result);

void fill_report(const SolveResult& result, float tolerance, double milliseconds, lposs_solve_report& report);

} // namespace lposs
