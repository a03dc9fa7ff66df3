// Products of packed blocks of rows: the dense work behind similarities and nearest neighbours.
//
// A panel holds `panel_rows` rows interleaved: element d of its row r lies at panel[d * panel_rows + r], and panels
// follow one another. Rows that fill up the last panel are zero.
#pragma once

#include <stdint.h>

namespace lposs::cpu {

struct MatrixProductKernels {
    int64_t panel_rows; ///< floats per vector

    /// rows [count,depth] -> panels [ceil(count / panel_rows), depth, panel_rows].
    void (*pack)(const float* rows, int64_t count, int64_t depth, float* panels);

    /// product [a_panels * panel_rows, b_panels * panel_rows] = A B^T, rows `stride` floats apart; product and stride
    /// are aligned to a vector. With `upper`, rows and columns are counted from the same origin and tiles wholly below
    /// the diagonal are left as they are.
    ///
    /// Each element is the sum over d in one fixed order (fused or not as the instruction set has it), in stretches
    /// that are added up: the bits of <a, b> depend on a and b only, and are those of <b, a>.
    void (*multiply)(const float* a, int64_t a_panels, const float* b, int64_t b_panels, int64_t depth, bool upper,
                     float* product, int64_t stride);

    /// target [columns,rows] = source [rows,columns]^T; rows, columns and strides are multiples of panel_rows.
    void (*transpose)(const float* source, int64_t source_stride, int64_t rows, int64_t columns, float* target,
                      int64_t target_stride);
};

} // namespace lposs::cpu
