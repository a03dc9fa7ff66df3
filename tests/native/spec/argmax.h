#pragma once
#include "spec/array.h"

namespace spec {

/// scores [M,P] -> [M,classes]: the largest score of each class's prompts.
Array<double> merge_prompts(const Array<double>& scores, const std::vector<int32_t>& class_of, int64_t classes);

struct Labels {
    Array<int32_t> labels;    ///< [M], ties to the lower class
    Array<double> confidence; ///< [M], largest minus second largest; 0 for one class
};

/// scores [M,C].
Labels argmax(const Array<double>& scores);

} // namespace spec
