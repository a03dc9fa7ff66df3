// Options: defaults (the paper's) and ranges, in one place.
#pragma once

#include "core/error.h"

namespace lposs {

/// The caller's options or, for NULL, the defaults; checked.
lposs_patch_graph_options resolve(const lposs_patch_graph_options* options, const char* name);
lposs_pixel_graph_options resolve(const lposs_pixel_graph_options* options, const char* name);
lposs_solver_options resolve(const lposs_solver_options* options, const char* name);
lposs_segment_options resolve(const lposs_segment_options* options, const char* name);
lposs_refine_options resolve(const lposs_refine_options* options, const char* name);

/// The caller's tensors, whatever version of the header the caller was compiled with.
lposs_segment_inputs read_inputs(const lposs_segment_inputs* inputs);
lposs_refine_inputs read_inputs(const lposs_refine_inputs* inputs);
lposs_segment_outputs read_outputs(const lposs_segment_outputs* outputs);

} // namespace lposs
