#include "api/guard.h"
#include "core/image.h"
#include "core/window_list.h"

#include "core/checked_size.h"

#include <numeric>

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_windows_stitch(lposs_context* context, const lposs_tensor* patch_scores,
                                            const lposs_tensor* windows, int32_t patch_size,
                                            const lposs_tensor* scores) {
    return guard(context, [&](Backend& backend) {
        check_patch_size(patch_size, "patch_size");
        const auto list = read_windows(check_struct(windows, "windows"), "windows");
        check_tensor(check_struct(patch_scores, "patch_scores"), "patch_scores", {LPOSS_FLOAT32},
                     {known("N", patch_count(list, patch_size)), "C"});
        const int64_t classes = patch_scores->shape[1];
        check_tensor(check_struct(scores, "scores"), "scores", {LPOSS_FLOAT32}, {"H", "W", known("C", classes)});
        check_node_count(checked_multiply(scores->shape[0], scores->shape[1], "scores"), "scores");
        check_cover(list, scores->shape[0], scores->shape[1], "windows");
        check_apart(*scores, "scores", *patch_scores, "patch_scores");
        check_finite(*patch_scores, "patch_scores");
        std::vector<int32_t> columns(static_cast<size_t>(classes));
        std::iota(columns.begin(), columns.end(), 0);
        const StagedInput<float> staged_patches(backend, *patch_scores, "patch_scores");
        StagedOutput<float> staged_scores(backend, *scores, "scores");
        backend.stitch({.patch_scores = staged_patches.data(),
                        .prompts = classes,
                        .host_columns = columns.data(),
                        .count = classes,
                        .windows = list,
                        .patch_size = patch_size,
                        .scores = staged_scores.data(),
                        .size = image_size(*scores)});
        staged_scores.finish();
    });
}

} // extern "C"
