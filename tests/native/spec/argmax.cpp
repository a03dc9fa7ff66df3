#include "spec/argmax.h"

#include <algorithm>
#include <limits>

namespace spec {

Array<double> merge_prompts(const Array<double>& scores, const std::vector<int32_t>& class_of, int64_t classes) {
    Array<double> merged({scores.shape[0], classes}, -std::numeric_limits<double>::infinity());
    for (int64_t i = 0; i < scores.shape[0]; ++i)
        for (int64_t p = 0; p < scores.shape[1]; ++p) {
            double& score = merged(i, class_of[static_cast<size_t>(p)]);
            score = std::max(score, scores(i, p));
        }
    return merged;
}

Labels argmax(const Array<double>& scores) {
    const int64_t pixels = scores.shape[0], classes = scores.shape[1];
    Labels result{Array<int32_t>({pixels}), Array<double>({pixels})};
    for (int64_t i = 0; i < pixels; ++i) {
        int64_t best = 0;
        for (int64_t c = 1; c < classes; ++c)
            if (scores(i, c) > scores(i, best)) best = c;
        double second = -std::numeric_limits<double>::infinity();
        for (int64_t c = 0; c < classes; ++c)
            if (c != best) second = std::max(second, scores(i, c));
        result.labels(i) = static_cast<int32_t>(best);
        result.confidence(i) = classes > 1 ? scores(i, best) - second : 0;
    }
    return result;
}

} // namespace spec
