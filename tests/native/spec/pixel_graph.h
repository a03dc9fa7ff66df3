#pragma once
#include "lposs/lposs.h"
#include "spec/graph.h"

namespace spec {

/// W_ij = exp(-|lab_i - lab_j| / tau), Lab divided by (100, 128, 128), for the (2 radius + 1)^2 window around i without
/// i. lab [H,W,3]; node y * W + x.
Graph pixel_graph(const Array<double>& lab, const lposs_pixel_graph_options& options);

} // namespace spec
