#include "api/guard.h"
#include "core/staging.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_similarity_compute(lposs_context* context, const lposs_tensor* features,
                                                const lposs_tensor* text, const lposs_tensor* scores) {
    return guard(context, [&](Backend& backend) {
        check_tensor(check_struct(features, "features"), "features", {LPOSS_FLOAT32}, {{"N", 0}, "D"});
        check_tensor(check_struct(text, "text"), "text", {LPOSS_FLOAT32}, {"P", known("D", features->shape[1])});
        check_tensor(check_struct(scores, "scores"), "scores", {LPOSS_FLOAT32},
                     {known("N", features->shape[0]), known("P", text->shape[0])});
        check_apart(*scores, "scores", *features, "features");
        check_apart(*scores, "scores", *text, "text");
        check_finite(*features, "features");
        check_finite(*text, "text");
        const StagedInput<float> staged_features(backend, *features, "features");
        const StagedInput<float> staged_text(backend, *text, "text");
        StagedOutput<float> staged_scores(backend, *scores, "scores");
        backend.similarity({.features = staged_features.data(),
                            .text = staged_text.data(),
                            .scores = staged_scores.data(),
                            .n = features->shape[0],
                            .d = features->shape[1],
                            .prompts = text->shape[0]});
        staged_scores.finish();
    });
}

} // extern "C"
