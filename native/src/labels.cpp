// The last steps alone: maximum over the prompts of a class, and argmax.
#include "guard.h"
#include "label_dtype.h"
#include "prompts.h"
#include "staging.h"

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_merge_prompts(lposs_context* context, const lposs_tensor* scores,
                                           const lposs_tensor* prompt_classes, const lposs_tensor* output) {
    return guard([&] {
        Backend& backend = check_context(context);
        check_tensor(check_struct(scores, "scores"), "scores", {LPOSS_FLOAT32}, {{"M", 0}, "P"});
        check_tensor(check_struct(prompt_classes, "prompt_classes"), "prompt_classes", {LPOSS_INT32},
                     {known("P", scores->shape[1])});
        const auto classes = read_prompt_classes(*prompt_classes, scores->shape[1], "prompt_classes");
        check_tensor(check_struct(output, "output"), "output", {LPOSS_FLOAT32},
                     {known("M", scores->shape[0]), known("C", classes.classes)});
        check_apart(*output, "output", *scores, "scores");
        check_finite(*scores, "scores");
        const StagedInput<float> staged_scores(backend, *scores, "scores");
        StagedOutput<float> staged_output(backend, *output, "output");
        backend.merge_prompts(staged_scores.data(), scores->shape[0], scores->shape[1],
                              classes.class_of.data(), classes.classes, staged_output.data());
        staged_output.finish();
    });
}

LPOSS_API lposs_status lposs_argmax(lposs_context* context, const lposs_tensor* scores,
                                    const lposs_tensor* labels, const lposs_tensor* confidence) {
    return guard([&] {
        Backend& backend = check_context(context);
        check_tensor(check_struct(scores, "scores"), "scores", {LPOSS_FLOAT32}, {{"M", 0}, "C"});
        const int64_t m = scores->shape[0];
        const int64_t classes = scores->shape[1];
        check_tensor(check_struct(labels, "labels"), "labels", label_dtypes, {known("M", m)});
        check_label_dtype(labels->dtype, classes, "labels");
        lposs_tensor no_confidence;
        lposs_tensor_init(&no_confidence);
        const lposs_tensor& wanted = confidence ? *confidence : no_confidence;
        if (confidence)
            check_tensor(check_struct(confidence, "confidence"), "confidence", {LPOSS_FLOAT32},
                         {known("M", m)});
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
        const LabelState state{winner.data(), best.data(), second.data()};
        backend.label(staged_scores.data(), m, 1, classes, m, 1, 0, true, state);
        backend.write_labels(state, m, classes == 1, staged_labels.data(), labels->dtype,
                             confidence ? staged_confidence.data() : nullptr);
        staged_labels.finish();
        staged_confidence.finish();
    });
}

} // extern "C"
