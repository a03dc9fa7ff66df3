#include "core/operations/similarity.h"

#include "core/checked_size.h"
#include "cpu/graph/matrix_product.h"

#include <algorithm>

namespace lposs::cpu {
namespace {

// Rows of a task: half a block, so that a few hundred patches are work for several threads.
constexpr int64_t task_rows = product_block / 2;

} // namespace

void similarity(const Workspace& work, const SimilarityArguments& a) {
    const int64_t d = a.d, prompts = a.prompts;
    const MatrixProductKernels& kernels = work.kernels.matrix_product;
    const PackedRows packed_text(work, a.text, prompts, d);
    const int64_t threads = work.threads.thread_count();
    const int64_t unit_size = checked_multiply(task_rows, d, "features");
    const Buffer<float> unit = work.buffer<float>(checked_multiply(threads, unit_size, "features"));
    const Buffer<float> packed = work.buffer<float>(checked_multiply(threads, unit_size, "features"));
    const Buffer<float> products = work.buffer<float>(threads * task_rows * product_block);

    work.threads.run(ceil_div(a.n, task_rows), [&](int64_t task, int thread) {
        const int64_t first = task * task_rows;
        const int64_t count = std::min(task_rows, a.n - first);
        float* unit_rows = unit.data() + thread * unit_size;
        float* packed_rows = packed.data() + thread * unit_size;
        float* product = products.data() + thread * task_rows * product_block;
        for (int64_t i = 0; i < count; ++i)
            work.kernels.unit_rows.normalise(a.features + (first + i) * d, d, unit_rows + i * d);
        kernels.pack(unit_rows, count, d, packed_rows);
        for (int64_t p = 0; p < prompts; p += product_block) {
            kernels.multiply(packed_rows, ceil_div(count, kernels.panel_rows), packed_text.block(p),
                             packed_text.block_panels(p), d, false, product, product_block);
            for (int64_t i = 0; i < count; ++i)
                std::copy_n(product + i * product_block, std::min(product_block, prompts - p),
                            a.scores + (first + i) * prompts + p);
        }
    });
}

int64_t similarity_cost(const Workspace& work, const SimilarityArguments& a) {
    const int64_t threads = work.threads.thread_count();
    const int64_t floats = 2 * checked_multiply(threads * task_rows, a.d, "features") +
                           checked_multiply(threads, task_rows * product_block, "scores");
    const int64_t bytes =
        PackedRows::memory(a.prompts, a.d) + checked_multiply(floats, static_cast<int64_t>(sizeof(float)), "scores");
    return bytes + bytes / 64 + 4096; // buffers are rounded up, and a kept block may be a little larger
}

} // namespace lposs::cpu
