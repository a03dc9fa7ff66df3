// S p over the banded layout: the inner loop of the pixel step.
#pragma once

#include <stdint.h>

namespace lposs::cpu {

/// One row of neighbours of a row of outputs: `taps` column distances, all with weights of one weight row. Output x
/// takes, for t in [0, taps), the vector values + x + t with the weight that the graph stores for that edge:
///   forward   (the output holds the weight):     weights[x][t]
///   backward  (the neighbour holds the weight):  weights[x + t - shift][taps - 1 - t], shift the column
///   distance
/// which both are weights[x * x_step + t * tap_step].
struct StencilRow {
    int64_t values;       ///< floats from the output (row, x) to the neighbour of t = 0, seen in any plane
    const float* weights; ///< of x = 0, t = 0
    int64_t x_step;       ///< in floats
    int64_t tap_step;     ///< in floats
    int64_t ahead;        ///< floats from a weight to one to be fetched into the cache; 0: none
    int32_t taps;
    int32_t shift; ///< lane l of the output has lane l + shift of the neighbour
    bool backward; ///< the weights are shifted as well
};

struct StencilKernels {
    /// Planes that one call of `accumulate` takes at most.
    int32_t planes;
    /// Adds (from_zero: writes) the sums of all `rows`, which are all shifted or all not, to q[c] at columns [first,
    /// last); p and q point to (row, column 0).
    void (*accumulate)(const StencilRow* rows, int32_t row_count, const float* const* p, float* const* q,
                       int32_t plane_count, int64_t first, int64_t last, bool from_zero);
    /// q = p - alpha q over `count` floats, a multiple of the lanes; returns p.q.
    double (*finish)(const float* p, float* q, int64_t count, float alpha);
};

} // namespace lposs::cpu
