#include "cpu/graph/matrix_product.h"

#include "core/checked_size.h"

#include <algorithm>

namespace lposs::cpu {
namespace {

constexpr int64_t widest_panel = 16;
static_assert(product_block % widest_panel == 0);

} // namespace

PackedRows::PackedRows(const Workspace& work, const float* rows, int64_t n, int64_t d)
    : count_(n), depth_(d), panel_rows_(work.kernels.matrix_product.panel_rows),
      panels_(work.buffer<float>(checked_multiply(round_up(n, widest_panel), d, "features"))) {
    work.threads.run(ceil_div(n, product_block), [&](int64_t task, int) {
        const int64_t first = task * product_block;
        work.kernels.matrix_product.pack(rows + first * d, std::min(product_block, n - first), d,
                                         panels_.data() + first * d);
    });
}

int64_t PackedRows::block_panels(int64_t first) const {
    return ceil_div(std::min(product_block, count_ - first), panel_rows_);
}

int64_t PackedRows::memory(int64_t n, int64_t d) {
    return checked_multiply(round_up(n, widest_panel), d, static_cast<int64_t>(sizeof(float)), "features");
}

} // namespace lposs::cpu
