// Rows packed for matrix products, see kernels/matrix_product.h.
#pragma once
#include "cpu/runtime/workspace.h"

namespace lposs::cpu {

/// Rows per block of a product: two packed blocks of a stretch of features fit a core's own cache together. A multiple
/// of the panels of every instruction set.
constexpr int64_t product_block = 192;

/// rows [N,D] interleaved in panels, the last one filled up with zeros.
class PackedRows {
public:
    PackedRows(const Workspace& work, const float* rows, int64_t n, int64_t d);

    int64_t count() const { return count_; }
    int64_t depth() const { return depth_; }

    /// The panels that start with row `first`, a multiple of product_block.
    const float* block(int64_t first) const { return panels_.data() + first * depth_; }

    /// Panels of the block at `first`: product_block rows or what is left of them.
    int64_t block_panels(int64_t first) const;

    /// Bytes for rows [N,D].
    static int64_t memory(int64_t n, int64_t d);

private:
    int64_t count_, depth_, panel_rows_;
    Buffer<float> panels_;
};

} // namespace lposs::cpu
