#pragma once
#include "spec/array.h"

namespace spec {

/// Each row of x [N,D] divided by its length; a zero row stays zero.
Array<double> normalise_rows(const Array<double>& x);

/// [N,P] = unit rows of features [N,D] times text [P,D]^T.
Array<double> similarity(const Array<double>& features, const Array<double>& text);

} // namespace spec
