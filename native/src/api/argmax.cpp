// The last steps alone: maximum over the prompts of a class, and argmax.
#include "api/guard.h"
#include "core/label_dtype.h"
#include "core/prompts.h"
#include "core/staging.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_scores_merge_prompts(lposs_context* context, const lposs_tensor* scores,
                                                  const lposs_tensor* prompt_classes, const lposs_tensor* output) {
    return guard(context, [&](Backend& backend) {
        check_tensor(check_struct(scores, "scores"), "scores", {LPOSS_FLOAT32}, {{"M", 0}, "P"});
        check_tensor(check_struct(prompt_classes, "prompt_classes"), "prompt_classes", {LPOSS_INT32},
                     {known("P", scores->shape[1])});
        const auto classes = read_prompt_classes(*backend.pool(), *prompt_classes, scores->shape[1], "prompt_classes");
        check_tensor(check_struct(output, "output"), "output", {LPOSS_FLOAT32},
                     {known("M", scores->shape[0]), known("C", classes.classes)});
        check_apart(*output, "output", *scores, "scores");
        check_finite(*scores, "scores");
        const StagedInput<float> staged_scores(backend, *scores, "scores");
        StagedOutput<float> staged_output(backend, *output, "output");
        backend.merge_prompts({.scores = staged_scores.data(),
                               .m = scores->shape[0],
                               .prompts = scores->shape[1],
                               .host_classes = classes.class_of.data(),
                               .classes = classes.classes,
                               .output = staged_output.data()});
        staged_output.finish();
    });
}

LPOSS_API lposs_status lposs_scores_argmax(lposs_context* context, const lposs_tensor* scores,
                                           const lposs_tensor* labels, const lposs_tensor* confidence) {
    return guard(context, [&](Backend& backend) {
        check_tensor(check_struct(scores, "scores"), "scores", {LPOSS_FLOAT32}, {{"M", 0}, "C"});
        const int64_t m = scores->shape[0];
        const int64_t classes = scores->shape[1];
        check_tensor(check_struct(labels, "labels"), "labels", label_dtypes, {known("M", m)});
        check_label_dtype(labels->dtype, classes, "labels");
        lposs_tensor no_confidence;
        lposs_tensor_init(&no_confidence);
        const lposs_tensor& wanted = confidence ? *confidence : no_confidence;
        if (confidence)
            check_tensor(check_struct(confidence, "confidence"), "confidence", {LPOSS_FLOAT32}, {known("M", m)});
        check_apart(*labels, "labels", *scores, "scores");
        check_apart(wanted, "confidence", *scores, "scores");
        check_apart(wanted, "confidence", *labels, "labels");
        check_finite(*scores, "scores");
        if (m == 0) return;

        const StagedInput<float> staged_scores(backend, *scores, "scores");
        StagedOutput<uint8_t> staged_labels(backend, *labels, "labels");
        StagedOutput<float> staged_confidence(backend, wanted, "confidence");
        const Buffer<int32_t> winner(backend.pool(), m);
        const Buffer<float> best(backend.pool(), m), second(backend.pool(), m);
        const ArgmaxState state{winner.data(), best.data(), second.data()};
        backend.argmax({.scores = staged_scores.data(),
                        .from = {m, 1},
                        .classes = classes,
                        .to = {m, 1},
                        .first_class = 0,
                        .first = true,
                        .state = state});
        backend.write_labels({.state = state,
                              .pixels = m,
                              .one_class = classes == 1,
                              .labels = staged_labels.data(),
                              .dtype = labels->dtype,
                              .confidence = confidence ? staged_confidence.data() : nullptr});
        staged_labels.finish();
        staged_confidence.finish();
    });
}

} // extern "C"
