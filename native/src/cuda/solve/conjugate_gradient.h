// Conjugate gradients for A x = y with A = I - alpha S and many columns at once, each with its own scalars, from x = 0:
//
//     r_0 = y;  step k:  p_k = r_k + b_k-1 p_k-1;  q_k = A p_k;  a_k = r_k.r_k / p_k.q_k
//               x_k+1 = x_k + a_k p_k;  r_k+1 = r_k - a_k q_k;  b_k = r_k+1.r_k+1 / r_k.r_k
//
// A column stops after max_steps or when |r| <= tolerance |y| (Hestenes and Stiefel 1952; stopping as in the paper's
// program). A step is one pass: since |r - a q|^2 = r.r - 2 a r.q + a^2 q.q, its dot products already hold the next
// |r|^2, and what a_k and b_k do to the vectors is left to the pass of step k + 1, where they are read anyway. Scalars,
// step counts and the decision to stop stay on the device: all steps are queued at once, and columns that have stopped
// are skipped by what follows.
//
// Inside, vectors are float4s of four columns ("planes"), the last padded with zeros.
#pragma once

#include "cuda/runtime/workspace.h"

namespace lposs::cuda {

/// What a column reports, and the scalars that stay from step to step; on the device.
struct ColumnState {
    double yy;      ///< |y|^2
    float residual; ///< |r| / |y|; 0 for a zero column
    int32_t active; ///< does it still run?
    int32_t steps;  ///< taken
    int32_t reserved;
};

/// The columns' scalars. a, b and live have four for each plane, zeros where there is no column.
struct Columns {
    ColumnState* state; ///< [columns]
    float* a;           ///< of the step before; 0 once it is applied and the column has stopped
    float* b;
    int32_t* live; ///< is there anything left to do: is it active, or a not yet applied?
    int count;     ///< columns
    int planes;
};

/// The vectors of step k, each [planes, nodes] in the order that the strides say. last_... are those of step k - 1,
/// which may be the same memory; in step 0 there are none, and r = p = y.
struct Vectors {
    const float4 *last_r, *last_q, *last_p;
    float4 *r, *q, *p, *x;
    int64_t node_stride, plane_stride; ///< in float4s
    int step;
};

/// The dot products of a step, four for each column: partial sums lie as [columns][dot_products][partial_count].
enum DotProduct { dot_rr, dot_pq, dot_rq, dot_qq, dot_products };

/// A = I - alpha S.
class LinearSystem {
public:
    virtual ~LinearSystem() = default;

    /// Planes one after the other, and other vectors for each step than for the one before? Else a node's planes lie
    /// together, and steps work in place.
    virtual bool by_planes() const = 0;

    /// Partial sums that step() makes for each column and dot product.
    virtual int64_t partial_count() const = 0;

    /// Step k: from k = 1 on makes r, p and x; then q, and the partial sums. Columns that are not live may be left out.
    virtual void step(const Workspace& work, const Vectors& vectors, const Columns& columns,
                      double* partials) const = 0;
};

/// Waits only if there is a result to fill.
void conjugate_gradient(const Workspace& work, const LinearSystem& system, int64_t nodes, const PropagateArguments& a);

/// Makes r, p and x of a step in place, for systems whose nodes' planes lie together.
void advance(const Workspace& work, const Vectors& vectors, const Columns& columns, int64_t nodes);

/// Scratch bytes of conjugate_gradient() for a system with this layout and so many partial sums.
int64_t conjugate_gradient_cost(int64_t nodes, int64_t columns, bool by_planes, int64_t partial_count);

} // namespace lposs::cuda
