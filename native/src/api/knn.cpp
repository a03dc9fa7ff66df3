#include "api/guard.h"
#include "core/image.h"
#include "core/staging.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_knn_search(lposs_context* context, const lposs_tensor* features,
                                        const lposs_tensor* similarities, const lposs_tensor* indices) {
    return guard(context, [&](Backend& backend) {
        check_tensor(check_struct(features, "features"), "features", {LPOSS_FLOAT32}, {"N", "D"});
        check_tensor(check_struct(similarities, "similarities"), "similarities", {LPOSS_FLOAT32},
                     {known("N", features->shape[0]), "k"});
        const int64_t n = features->shape[0];
        const int64_t k = similarities->shape[1];
        check_tensor(check_struct(indices, "indices"), "indices", {LPOSS_INT32}, {known("N", n), known("k", k)});
        check_node_count(n, "features");
        if (k > n)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "similarities: k is %lld; there are %lld points to choose from",
                 static_cast<long long>(k), static_cast<long long>(n));
        check_apart(*similarities, "similarities", *features, "features");
        check_apart(*indices, "indices", *features, "features");
        check_finite(*features, "features");
        const StagedInput<float> staged_features(backend, *features, "features");
        StagedOutput<float> staged_similarities(backend, *similarities, "similarities");
        StagedOutput<int32_t> staged_indices(backend, *indices, "indices");
        backend.knn({.features = staged_features.data(),
                     .similarities = staged_similarities.data(),
                     .indices = staged_indices.data(),
                     .n = n,
                     .d = features->shape[1],
                     .k = k});
        staged_similarities.finish();
        staged_indices.finish();
    });
}

} // extern "C"
