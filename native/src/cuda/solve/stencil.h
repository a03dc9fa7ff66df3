// The pixel graph's arithmetic: every pixel with the pixels of the window around it, no edge stored.
//
// W_ij = 2^-d_ij with d_ij = |Lab_i - Lab_j| / (tau ln 2). With h_i = -log2(D_ii) / 2, S_ij = 2^(h_i + h_j - d_ij): one
// exponential gives the normalised weight, the same bits for both directions, also where W and D would underflow. A
// pixel is a float4: its Lab in units of tau ln 2, and h; h is -infinity where there is no neighbour.
#pragma once

#include "cuda/solve/conjugate_gradient.h"

namespace lposs::cuda {

struct StencilShape {
    int height, width; ///< pixels
    int radius;        ///< 1 to 15
};

/// Tiles of an image: the partial sums of stencil_step().
int64_t stencil_tiles(const StencilShape& shape);

/// lab [H,W,3] times scale -> pixels [H,W].
void stencil_pixels(const Workspace& work, const StencilShape& shape, const float* lab, float3 scale, float4* pixels);

/// A step of conjugate gradients for A = I - alpha S, as LinearSystem::step with planes one after the other.
void stencil_step(const Workspace& work, const StencilShape& shape, const float4* pixels, const Vectors& vectors,
                  const Columns& columns, float alpha, double* partials);

} // namespace lposs::cuda
