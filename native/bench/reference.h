// The NumPy reference beside it, on the same inputs, in the same run.
#pragma once

#include "stages.h"

namespace bench {

/// Runs reference.py on the problem and fills reference_ms and error of the stages named patch_graph, patch_solve,
/// pixel_graph and pixel_solve (a solve's error holds its graph's too). Throws std::runtime_error where python3, numpy
/// or scipy is missing or the script fails.
void compare_with_reference(lposs_context* context, Problem& problem, std::vector<Stage>& stages);

} // namespace bench
