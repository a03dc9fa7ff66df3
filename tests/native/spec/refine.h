#pragma once
#include "lposs/lposs.h"
#include "spec/array.h"

namespace spec {

/// One-hot scores [h,w,classes] of labels [h,w]; a pixel with the label `ignore` has none.
Array<double> one_hot(const Array<int32_t>& labels, int64_t classes, int32_t ignore);

/// scores [h,w,C], resized to the image [H,W,3], propagated over its pixels and resized to [height,width,C].
Array<double> refine(const Array<uint8_t>& image, const Array<double>& scores, const lposs_refine_options& options,
                     int64_t height, int64_t width);

} // namespace spec
