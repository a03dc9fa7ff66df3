// Conjugate gradients for A x = y with many columns at once, each with its own scalars, from x = 0:
//
//     r = p = y;  repeat:  q = A p;  a = r.r / p.q;  x += a p;  r -= a q;  b = r'.r' / r.r;  p = r' + b p
//
// A column stops after max_steps or when |r| <= tolerance |y| (Hestenes and Stiefel 1952; stopping as in the
// paper's program). Scalars, step counts and the decision to stop stay on the device: all steps are queued at
// once, and a column that has stopped is skipped by what follows.
#pragma once

#include "cuda/workspace.h"

namespace lposs::cuda {

/// The scalars of one column, on the device.
struct ColumnState {
    double yy, rr;  ///< |y|^2, |r|^2
    float a, b;     ///< a is 0 once the column has stopped
    float residual; ///< |r| / |y|; 0 for a zero column
    int32_t active; ///< does it still run?
    int32_t steps;  ///< taken
    int32_t reserved;
};

/// A = I - alpha S.
class LinearSystem {
public:
    virtual ~LinearSystem() = default;

    /// Partial sums that apply() makes for each column.
    virtual int64_t partial_count() const = 0;

    /// q = A p and the partial sums of p.q, partials [columns][partial_count()], for the columns that are
    /// active; the others may be written or not. p and q [nodes,columns].
    virtual void apply(const Workspace& work, const float* p, int64_t columns, const ColumnState* state,
                       float* q, double* partials) const = 0;
};

/// y [nodes,columns] -> x; x may be y. Waits only if result is not null.
void conjugate_gradient(const Workspace& work, const LinearSystem& system, int64_t nodes, int64_t columns,
                        const float* y, float* x, const lposs_solver_options& options, SolveResult* result);

/// Scratch bytes of conjugate_gradient() for a system with so many partial sums.
int64_t conjugate_gradient_cost(int64_t nodes, int64_t columns, int64_t partial_count);

} // namespace lposs::cuda
