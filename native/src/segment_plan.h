// What lposs_segment is going to do: sizes, classes in blocks, and the memory that it takes.
#pragma once

#include "context.h"
#include "prompts.h"
#include "window_list.h"

#include <vector>

namespace lposs {

/// Some classes that go through stitch, pixel propagation and argmax together.
struct ClassBlock {
    int32_t first_class = 0;
    int32_t classes = 0;
    std::vector<int32_t> prompts;  ///< columns of the patch scores, ordered by class
    std::vector<int32_t> class_of; ///< of each of them, counted from first_class
};

struct SegmentPlan {
    lposs_segment_options options;
    std::vector<Window> windows;
    PromptClasses prompts;
    int64_t patches = 0, prompt_count = 0, vlm_dimensions = 0, vm_dimensions = 0;
    int64_t height = 0, width = 0, output_height = 0, output_width = 0;
    bool wants_labels = false, wants_confidence = false, wants_scores = false;
    std::vector<ClassBlock> blocks;
    int64_t memory = 0; ///< bytes beside the caller's buffers

    bool has_patch_step() const { return options.mode != LPOSS_MODE_VLM; }
    bool has_pixel_step() const { return options.mode == LPOSS_MODE_LPOSS_PLUS; }
};

/// Blocks that a MemoryPool hands out again may be a 64th larger than what was asked for, and each is rounded
/// up.
inline int64_t memory_with_slack(int64_t bytes) {
    return bytes + bytes / 64 + (int64_t{1} << 16);
}

/// Checks every argument (shapes, not values) and splits the classes so that the context's memory limit
/// holds; LPOSS_ERROR_MEMORY_LIMIT with both numbers where it cannot.
SegmentPlan plan_segment(const Backend& backend, const lposs_segment_inputs& inputs,
                         const lposs_segment_options* options, const lposs_segment_outputs& outputs);

} // namespace lposs
