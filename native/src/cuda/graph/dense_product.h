// A step of conjugate gradients with S as a whole matrix.
#pragma once
#include "cuda/solve/conjugate_gradient.h"

namespace lposs::cuda {

/// Floats from one row of S to the next: whole tiles.
int64_t dense_pitch(int64_t n);

/// Partial sums of each column's dot products.
int64_t dense_partials(int64_t n);

/// q = p - alpha S p and the partial sums of the dot products; weights [N,dense_pitch(N)]: S, symmetric, zeros behind
/// each row.
void dense_product(const Workspace& work, const float* weights, int64_t n, const Vectors& vectors,
                   const Columns& columns, float alpha, double* partials);

} // namespace lposs::cuda
