#pragma once
#include "spec/array.h"

namespace spec {

struct Neighbours {
    Array<double> similarities; ///< [N,k], best first
    Array<int32_t> indices;     ///< [N,k], ties to the lower index
};

/// The k largest inner products of each row of features [N,D] with all rows, the row itself included; k is cut to N.
Neighbours knn(const Array<double>& features, int64_t k);

/// The smallest positive distance between the last neighbour taken and the first one left, over all rows; infinity
/// where none is left or only exact ties are: how far rounding may go before it changes who is a neighbour.
double smallest_gap(const Array<double>& features, int64_t k);

} // namespace spec
