// Classes in blocks: some classes go through the pixel step, the resize and the argmax together, then the next ones.
// Only labels, not scores, are kept for all classes at once; that is what bounds memory for large images.
#pragma once

#include "core/context.h"
#include "core/prompts.h"
#include "pipeline/stage_clock.h"

#include <functional>
#include <vector>

namespace lposs {

struct ClassBlock {
    int32_t first_class = 0;
    int32_t classes = 0;
    std::vector<int32_t> prompts;  ///< columns of the scores, ordered by class
    std::vector<int32_t> class_of; ///< of each of them, counted from first_class
};

/// What becomes of the prompts' scores at the model input's size.
struct PixelPlan {
    ImageSize size{0, 0}, output_size{0, 0};
    PromptClasses prompts;
    bool wants_labels = false, wants_confidence = false, wants_scores = false;
    bool has_pixel_step = false;
    lposs_pixel_graph_options graph_options{};
    lposs_solver_options solver{};
    int64_t fill_bytes_per_prompt = 0; ///< what filling a block takes for the time of the filling
    std::vector<ClassBlock> blocks;

    int64_t prompt_count() const { return static_cast<int64_t>(prompts.class_of.size()); }
    /// Of the pixel step; its Lab is made when the graph is.
    PixelGraphArguments graph(const float* lab = nullptr) const { return {lab, size, graph_options}; }
};

/// Checks the outputs' shapes against each other and the classes, and takes their size into the plan.
void plan_outputs(const lposs_segment_outputs& outputs, PixelPlan& plan);

/// Refuses outputs that overlap each other.
void check_outputs_apart(const lposs_segment_outputs& outputs);

/// Splits the classes so that the context's memory limit holds: `before`, the peak of what comes earlier, and `kept`,
/// what stays beside the pixel step, are bytes. Returns the bytes that the whole takes; LPOSS_ERROR_MEMORY_LIMIT with
/// both numbers where even single classes do not fit.
int64_t plan_blocks(const Backend& backend, int64_t before, int64_t kept, PixelPlan& plan);

/// Bytes that staging this tensor takes, if it is given and lies elsewhere.
int64_t staged_bytes(const Backend& backend, const lposs_tensor& tensor);

/// Writes the scores [H,W,count] of a block's prompts, in the backend's memory.
using FillBlock = std::function<void(const ClassBlock& block, float* scores)>;

/// Block by block: fill, propagate over the image's pixels, merge prompts, resize, label. `image` is read only if the
/// plan has the pixel step; `result` may be null.
void run_class_blocks(Backend& backend, const PixelPlan& plan, const lposs_tensor& image, const FillBlock& fill,
                      const lposs_segment_outputs& outputs, StageClock& clock, SolveResult* result);

} // namespace lposs
