// The library against the authors' program, in one call and step by step.
#include "harness/compare.h"
#include "harness/core.h"
#include "harness/golden_case.h"
#include "harness/tolerances.h"
#include "spec/argmax.h"

#include <algorithm>

namespace {

class Golden : public testing::TestWithParam<std::tuple<std::string, TestDevice>> {
protected:
    GoldenCase golden = read_golden(std::get<0>(GetParam()));
    Core core{std::get<1>(GetParam())};
    int32_t classes = 1 + *std::max_element(golden.prompt_classes.begin(), golden.prompt_classes.end());

    static Array<int32_t> labels_of(const Array<float>& scores) {
        const int64_t count = scores.shape[2];
        return spec::argmax(cast<double>(scores).reshaped({scores.size() / count, count}))
            .labels.reshaped({scores.shape[0], scores.shape[1]});
    }

    static void expect_authors(const Array<float>& scores, const Array<float>& expected) {
        EXPECT_TRUE(close(scores, cast<double>(expected), tolerance::scores));
        EXPECT_TRUE(labels_equal(labels_of(scores), labels_of(expected), tolerance::equal_labels));
    }

    void expect_segment(lposs_mode mode, const Array<float>& expected) {
        SegmentCall call;
        call.image = golden.image;
        call.windows = golden.windows;
        call.vlm = golden.vlm;
        call.vm = golden.vm;
        call.text = golden.text;
        call.prompt_classes = golden.prompt_classes;
        call.options.mode = mode;
        call.options.patch_graph.k = golden.k;
        call.classes = classes;
        call.height = expected.shape[0];
        call.width = expected.shape[1];
        const SegmentResult found = core.segment(call);
        expect_authors(found.scores, expected);
        EXPECT_TRUE(labels_equal(found.labels, labels_of(expected), tolerance::equal_labels));
    }
};

TEST_P(Golden, WindowsAreTheAuthors) {
    EXPECT_TRUE(same_bits(windows_of(golden.image.shape[0], golden.image.shape[1], golden.window, golden.stride),
                          golden.windows));
    EXPECT_EQ(patch_centres_of(golden.windows, GoldenCase::patch_size).shape[0], golden.vm.shape[0]);
}

TEST_P(Golden, SegmentLpossGivesTheAuthorsScores) {
    expect_segment(LPOSS_MODE_LPOSS, golden.lposs);
}

TEST_P(Golden, SegmentLpossPlusGivesTheAuthorsScores) {
    expect_segment(LPOSS_MODE_LPOSS_PLUS, golden.lposs_plus);
}

TEST_P(Golden, StepByStepGivesTheAuthorsScores) {
    lposs_patch_graph_options patch_options;
    lposs_patch_graph_options_init(&patch_options);
    patch_options.k = golden.k;
    lposs_pixel_graph_options pixel_options;
    lposs_pixel_graph_options_init(&pixel_options);
    lposs_solver_options solver;
    lposs_solver_options_init(&solver);
    const int64_t height = golden.image.shape[0], width = golden.image.shape[1], prompts = golden.text.shape[0];
    const auto finish = [&](const Array<float>& pixels, const Array<float>& expected) {
        const Array<float> merged = core.merge_prompts(pixels, golden.prompt_classes, classes);
        expect_authors(core.resize(merged.reshaped({height, width, classes}), expected.shape[0], expected.shape[1]),
                       expected);
    };

    const Array<float> y = core.similarity(golden.vlm, golden.text);
    const Graph patches =
        core.patch_graph(golden.vm, patch_centres_of(golden.windows, GoldenCase::patch_size), patch_options);
    const Array<float> x = core.propagate(patches, y, solver).x;
    const Array<float> stitched =
        core.stitch(x, golden.windows, GoldenCase::patch_size, height, width).reshaped({height * width, prompts});
    finish(stitched, golden.lposs);
    const Graph pixels = core.pixel_graph(golden.image, pixel_options);
    finish(core.propagate(pixels, stitched, solver).x, golden.lposs_plus);
}

INSTANTIATE_TEST_SUITE_P(Cases, Golden,
                         testing::Combine(testing::ValuesIn(golden_names()), testing::ValuesIn(test_devices())),
                         [](const auto& test) { return std::get<0>(test.param) + "_" + std::get<1>(test.param).name; });

} // namespace
