#include "spec/refine.h"

#include "spec/conjugate_gradient.h"
#include "spec/lab.h"
#include "spec/pixel_graph.h"
#include "spec/resize.h"

namespace spec {

Array<double> one_hot(const Array<int32_t>& labels, int64_t classes, int32_t ignore) {
    Array<double> scores({labels.shape[0], labels.shape[1], classes});
    for (int64_t i = 0; i < labels.size(); ++i)
        if (labels(i) != ignore) scores(i * classes + labels(i)) = 1;
    return scores;
}

Array<double> refine(const Array<uint8_t>& image, const Array<double>& scores, const lposs_refine_options& options,
                     int64_t height, int64_t width) {
    const int64_t h = image.shape[0], w = image.shape[1], classes = scores.shape[2];
    const Array<double> y = resize(scores, h, w).reshaped({h * w, classes});
    const Array<double> x = propagate(pixel_graph(rgb_to_lab(image), options.graph), y, options.solver).x;
    return resize(x.reshaped({h, w, classes}), height, width);
}

} // namespace spec
