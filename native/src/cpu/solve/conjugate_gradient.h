// Conjugate gradients for A x = y with many columns at once, each with its own scalars, from x = 0:
//
//     r = p = y;  repeat:  q = A p;  a = r.r / p.q;  x += a p;  r -= a q;  b = r'.r' / r.r;  p = r' + b p
//
// A column stops after max_steps or when |r| <= tolerance |y| (Hestenes and Stiefel 1952; stopping as in the paper's
// program). The vectors belong to the system, in whatever layout its product likes; the driver sees scalars only.
#pragma once

#include "core/backend.h"

#include <cstdint>
#include <vector>

namespace lposs::cpu {

/// A = I - alpha S with its vectors x, r, p, q. Dot products are sums in double, in an order that does not depend on
/// the number of threads. `active` lists the columns that still run, ascending; the others must not change.
class LinearSystem {
public:
    virtual ~LinearSystem() = default;

    /// r = p = y, x = 0; rr[column] = r.r for every column.
    virtual void start(double* rr) = 0;

    /// p = r + b[column] p (b is 0 in the first step), q = A p; pq[column] = p.q. May put the update of p off or fuse
    /// it, as long as the numbers are these.
    virtual void apply(const std::vector<int32_t>& active, const float* b, double* pq) = 0;

    /// x += a[column] p, r -= a[column] q; rr[column] = r.r. May put the update of x off until finish().
    virtual void descend(const std::vector<int32_t>& active, const float* a, double* rr) = 0;

    /// x is complete after this.
    virtual void finish() = 0;
};

/// Runs the solve; result->steps and residuals get `columns` entries.
void conjugate_gradient(LinearSystem& system, int64_t columns, const lposs_solver_options& options, Progress& progress,
                        SolveResult& result);

} // namespace lposs::cpu
