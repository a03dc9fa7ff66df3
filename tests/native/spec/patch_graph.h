#pragma once
#include "lposs/lposs.h"
#include "spec/graph.h"

namespace spec {

/// The features that the patch graph compares: unit rows, centred and made unit again if the options say so.
Array<double> graph_features(const Array<double>& features, const lposs_patch_graph_options& options);

/// W = A + A^T with zero diagonal, A_ij = max(<f_i, f_j>, 0)^gamma * exp(-sigma * dist_ij^p) for j in kNN(i). features
/// [N,D]; centres [N,2] (y, x) in pixels. Edges of weight zero are left out.
Graph patch_graph(const Array<double>& features, const Array<double>& centres,
                  const lposs_patch_graph_options& options);

} // namespace spec
