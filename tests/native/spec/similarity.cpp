#include "spec/similarity.h"

#include <cmath>

namespace spec {

Array<double> normalise_rows(const Array<double>& x) {
    Array<double> unit(x.shape);
    for (int64_t i = 0; i < x.shape[0]; ++i) {
        double squares = 0;
        for (int64_t d = 0; d < x.shape[1]; ++d) squares += x(i, d) * x(i, d);
        if (squares > 0)
            for (int64_t d = 0; d < x.shape[1]; ++d) unit(i, d) = x(i, d) / std::sqrt(squares);
    }
    return unit;
}

Array<double> similarity(const Array<double>& features, const Array<double>& text) {
    const Array<double> unit = normalise_rows(features);
    Array<double> scores({features.shape[0], text.shape[0]});
    for (int64_t i = 0; i < features.shape[0]; ++i)
        for (int64_t p = 0; p < text.shape[0]; ++p)
            for (int64_t d = 0; d < text.shape[1]; ++d) scores(i, p) += unit(i, d) * text(p, d);
    return scores;
}

} // namespace spec
