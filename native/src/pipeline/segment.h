#pragma once

#include "pipeline/segment_plan.h"

namespace lposs {

/// Similarity, patch graph, propagation, stitching, pixel graph, propagation, resize, argmax: those that the mode has.
/// report may be null.
void segment(Backend& backend, const lposs_segment_inputs& inputs, const SegmentPlan& plan,
             const lposs_segment_outputs& outputs, lposs_segment_report* report);

} // namespace lposs
