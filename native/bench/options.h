#pragma once

#include "lposs/lposs.h"
#include "timing.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bench {

struct Options {
    std::vector<std::pair<int64_t, int64_t>> sizes = {{448, 597}}; ///< height, width of the model input
    std::vector<int64_t> classes = {21};
    std::vector<int64_t> patches; ///< of the patch step, on its own; empty: those of each size's windows
    std::vector<std::pair<int64_t, int64_t>> refine; ///< images of the fused call; empty: not run
    int64_t dimensions = 768;                        ///< of the vision model's features
    int threads = 0;                                 ///< 0: all
    int stability = 0;                               ///< runs whose bits must be the same; 0: not tried
    int repeats = 0;                                 ///< 0: 7 on a processor, 50 on a GPU
    double warm_up_ms = -1.0;                        ///< less than 0: none on a processor, 300 on a GPU
    lposs_device device = LPOSS_DEVICE_CPU;
    bool compare_reference = false;
    bool compare_float64 = false;
    bool json = false;
    bool check = true;
    bool ceilings = true;
};

/// How often the stages run.
Repeats repeats_of(const Options& options);

/// Parses the command line; prints the usage and ends the program (0 for --help, 2 for an error).
Options parse_options(int count, char** arguments);

} // namespace bench
