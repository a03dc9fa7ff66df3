// The pixel step on anyone's scores or coarse labels.
#pragma once

#include "core/class_source.h"
#include "pipeline/class_blocks.h"

namespace lposs {

struct RefinePlan {
    lposs_refine_options options;
    PixelPlan pixel;
    bool from_labels = false;
    ImageSize source_size{0, 0};
    int64_t classes = 0;
    int64_t memory = 0; ///< bytes beside the caller's buffers

    bool is_resized() const { return source_size != pixel.size; }
};

/// Checks every argument (shapes, not values) and plans; LPOSS_ERROR_MEMORY_LIMIT where the limit cannot be held.
RefinePlan plan_refine(const Backend& backend, const lposs_refine_inputs& in, const lposs_refine_options* options,
                       const lposs_segment_outputs& out);

/// Refuses labels in host memory that are no class; those on a device are not inspected.
void check_labels(const lposs_refine_inputs& in, const RefinePlan& plan);

/// report may be null.
void refine(Backend& backend, const lposs_refine_inputs& in, const RefinePlan& plan, const lposs_segment_outputs& out,
            lposs_segment_report* report);

} // namespace lposs
