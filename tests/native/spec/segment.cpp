#include "spec/segment.h"

#include "spec/argmax.h"
#include "spec/conjugate_gradient.h"
#include "spec/lab.h"
#include "spec/patch_graph.h"
#include "spec/pixel_graph.h"
#include "spec/resize.h"
#include "spec/similarity.h"
#include "spec/stitch.h"
#include "spec/windows.h"

namespace spec {

Array<double> segment(const SegmentInputs& inputs, const lposs_segment_options& options, int64_t height,
                      int64_t width) {
    const int64_t h = inputs.image.shape[0], w = inputs.image.shape[1];
    Array<double> patches = similarity(inputs.vlm, inputs.text);
    if (options.mode != LPOSS_MODE_VLM) {
        const Array<double> centres = patch_centres(inputs.windows, inputs.patch_size);
        patches = propagate(patch_graph(inputs.vm, centres, options.patch_graph), patches, options.patch_solver).x;
    }
    Array<double> pixels =
        stitch(patches, inputs.windows, inputs.patch_size, h, w).reshaped({h * w, inputs.text.shape[0]});
    if (options.mode == LPOSS_MODE_LPOSS_PLUS)
        pixels = propagate(pixel_graph(rgb_to_lab(inputs.image), options.pixel_graph), pixels, options.pixel_solver).x;
    const Array<double> merged = merge_prompts(pixels, inputs.prompt_classes, inputs.classes);
    return resize(merged.reshaped({h, w, inputs.classes}), height, width);
}

} // namespace spec
