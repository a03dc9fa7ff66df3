// The passes of conjugate gradients over a sparse graph. Vectors are node-major blocks [N, width * lanes]: the columns
// of a block lie in vector lanes and `width` (1 to 4) is their number of vectors.
#pragma once

#include <stdint.h>

namespace lposs::cpu {

/// Compressed rows whose entries are split by column into `parts`: those of row i and part t are splits[i * (parts + 1)
/// + t] to splits[i * (parts + 1) + t + 1].
struct SplitRows {
    const int64_t* splits;
    int64_t parts;
    const int32_t* columns;
    const float* weights;
};

struct SparseProductKernels {
    int width_limit; ///< largest width

    /// x += a p, then p = r + b p, for `nodes` nodes; a, b [width * lanes].
    void (*advance)(int64_t nodes, int width, const float* a, const float* b, const float* r, float* x, float* p);

    /// q = p - alpha S p for the nodes first to last - 1, part by part; pq [width * lanes] = p.q over them, in double.
    void (*multiply)(const SplitRows& rows, int64_t first, int64_t last, int width, float alpha, const float* p,
                     float* q, double* pq);

    /// r -= a q; rr [width * lanes] = r.r, in double, for `nodes` nodes.
    void (*descend)(int64_t nodes, int width, const float* a, const float* q, float* r, double* rr);
};

} // namespace lposs::cpu
