// What lposs_image_segment is going to do: sizes, classes in blocks, and the memory that it takes.
#pragma once

#include "core/window_list.h"
#include "pipeline/class_blocks.h"

namespace lposs {

struct SegmentPlan {
    lposs_segment_options options;
    std::vector<Window> windows;
    int64_t patches = 0, vlm_dimensions = 0, vm_dimensions = 0;
    PixelPlan pixel;
    int64_t memory = 0; ///< bytes beside the caller's buffers

    bool has_patch_step() const { return options.mode != LPOSS_MODE_VLM; }
};

/// Checks every argument (shapes, not values; the caller has checked the structs' sizes) and plans;
/// LPOSS_ERROR_MEMORY_LIMIT where the limit cannot be held.
SegmentPlan plan_segment(const Backend& backend, const lposs_segment_inputs& inputs,
                         const lposs_segment_options* options, const lposs_segment_outputs& outputs);

} // namespace lposs
