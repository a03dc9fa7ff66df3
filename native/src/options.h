// Options: defaults (the paper's) and ranges, in one place.
#pragma once

#include "error.h"

namespace lposs {

/// Refuses NULL and a wrong size field.
template <class Struct>
const Struct& check_options(const Struct* options, const char* name) {
    if (!options) fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is NULL", name);
    if (options->size != sizeof(Struct))
        fail(LPOSS_ERROR_INVALID_ARGUMENT,
             "%s: its size field is %u; it must be %zu (use the _init function)", name, options->size,
             sizeof(Struct));
    return *options;
}

/// The caller's options or, for NULL, the defaults; checked.
lposs_patch_graph_options resolve(const lposs_patch_graph_options* options, const char* name);
lposs_pixel_graph_options resolve(const lposs_pixel_graph_options* options, const char* name);
lposs_solver_options resolve(const lposs_solver_options* options, const char* name);
lposs_segment_options resolve(const lposs_segment_options* options, const char* name);
lposs_refine_options resolve(const lposs_refine_options* options, const char* name);

} // namespace lposs
