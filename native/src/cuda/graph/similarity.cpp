// Unit rows first, then one product: the product of rows as they come could overflow.
#include "core/operations/similarity.h"

#include "cuda/graph/matrix_product.h"
#include "cuda/graph/unit_rows.h"

namespace lposs::cuda {

void similarity(const Workspace& work, const SimilarityArguments& a) {
    if (a.n == 0) return;
    const auto unit = work.buffer<float>(a.n * a.d, "unit features");
    normalise_rows(work, a.features, a.n, a.d, unit.data());
    matrix_product(work, unit.data(), a.n, a.text, a.prompts, a.d, a.scores);
}

int64_t similarity_cost(const SimilarityArguments& a) {
    return buffer_cost(a.n * a.d, sizeof(float));
}

} // namespace lposs::cuda
