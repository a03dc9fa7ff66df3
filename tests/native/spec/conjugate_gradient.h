#pragma once
#include "lposs/lposs.h"
#include "spec/graph.h"

namespace spec {

struct Solution {
    Array<double> x;               ///< [N,C]
    std::vector<int32_t> steps;    ///< per column
    std::vector<double> residuals; ///< |y - (I - alpha S) x| / |y| per column, computed from x; 0 for a zero column
};

/// X = (I - alpha S)^-1 Y over W by conjugate gradients from zero, column by column; y [N,C].
Solution propagate(const Graph& w, const Array<double>& y, const lposs_solver_options& options);

} // namespace spec
