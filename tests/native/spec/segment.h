#pragma once
#include "lposs/lposs.h"
#include "spec/array.h"

namespace spec {

/// What lposs_image_segment takes, in double precision.
struct SegmentInputs {
    Array<uint8_t> image;                ///< [H,W,3]
    Array<int32_t> windows;              ///< [n,4]
    int64_t patch_size = 16;             ///< pixels
    Array<double> vlm, vm, text;         ///< [N,Dv], [N,Dm], [P,Dv]
    std::vector<int32_t> prompt_classes; ///< [P]
    int64_t classes = 0;
};

/// The whole method on one image: scores [height,width,C].
Array<double> segment(const SegmentInputs& inputs, const lposs_segment_options& options, int64_t height, int64_t width);

} // namespace spec
