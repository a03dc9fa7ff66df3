// From what a solve did to the caller's report.
#pragma once

#include "backend.h"
#include "error.h"

namespace lposs {

/// Refuses a wrong size field and a capacity below 0. NULL passes.
void check_report(const lposs_solve_report* report, const char* name);
void check_report(const lposs_segment_report* report, const char* name);

void fill_report(const SolveResult& result, float tolerance, double milliseconds, lposs_solve_report& report);

} // namespace lposs
