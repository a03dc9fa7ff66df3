// A figure is only worth printing for a right answer: each stage is first held to the naive spec.
#pragma once

#include "stages.h"

namespace bench {

/// Runs the four stages on a problem small enough for the spec (at most 96 x 128 pixels and 400 patches, otherwise like
/// the one that is timed) and throws std::runtime_error if a result is further than 1e-4 (relative L2, the project's
/// bound) from double precision. Returns the largest error seen.
double check_against_spec(lposs_context* context, int64_t height, int64_t width, int64_t dimensions, int64_t classes);

/// Solves the whole problem in double precision by the naive spec and fills error and equal_labels of the stages
/// patch_solve and pixel_solve (each holds its graph's too). Takes a minute of one processor at 448 x 597 with 21
/// classes; all of them share it.
void compare_with_float64(lposs_context* context, Problem& problem, std::vector<Stage>& stages);

/// Makes both graphs and solves on them `runs` times; throws std::runtime_error unless all have the same bits.
void check_stability(lposs_context* context, Problem& problem, int runs);

/// |x - y| / |y|; infinite if x is not finite.
double relative_error(const Array<float>& x, const Array<double>& y);

} // namespace bench
