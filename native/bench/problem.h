// Made-up inputs of a given size: clustered features, a smooth image with edges and noise, scores.
#pragma once

#include "spec/array.h"

namespace bench {

struct Problem {
    int64_t height = 0, width = 0, patches = 0, dimensions = 0, classes = 0;
    Array<uint8_t> image;      ///< [H,W,3]
    Array<float> features;     ///< [N,D] of the vision model, not unit
    Array<float> centres;      ///< [N,2] (y, x), as of windows of 224 with stride 112
    Array<float> patch_scores; ///< [N,C]
    Array<float> pixel_scores; ///< [H*W,C]
};

/// An image [H,W,3] as a problem's, and scores [N,C].
Array<uint8_t> make_picture(int64_t height, int64_t width);
Array<float> make_scores(int64_t n, int64_t classes);

/// patches 0: those of the size's windows. The same arguments give the same problem.
Problem make_problem(int64_t height, int64_t width, int64_t patches, int64_t dimensions, int64_t classes);

} // namespace bench
