// The table for people and the line for machines.
#pragma once

#include "ceilings.h"
#include "stages.h"

namespace bench {

/// What was run, on what, and what came out.
struct Run {
    std::string device;  ///< processor or GPU
    std::string backend; ///< "cpu avx512"
    int threads = 0;
    int64_t height = 0, width = 0, patches = 0, classes = 0;
    int64_t memory_peak = 0;  ///< bytes of graphs, scratch and, on a GPU, the stages' arrays
    double spec_error = -1.0; ///< largest relative L2 error against the naive spec; -1: not checked
    int stable_runs = 0;      ///< that had the same bits; 0: not tried
    std::vector<Stage> stages;
};

void print_ceilings(const Ceilings& ceilings, int threads);
void print_table(const Run& run, const Ceilings& ceilings);
void print_json(const std::vector<Run>& runs, const Ceilings& ceilings);

} // namespace bench
