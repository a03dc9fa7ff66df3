// The spec itself must agree with the authors' program: what everything else is held to is held to this.
#include "harness/compare.h"
#include "harness/golden_case.h"
#include "harness/tolerances.h"
#include "spec/argmax.h"
#include "spec/segment.h"
#include "spec/windows.h"

#include <algorithm>

namespace {

lposs_segment_options paper_options(int32_t k, lposs_mode mode) {
    lposs_segment_options options{};
    options.mode = mode;
    options.patch_graph = {sizeof(lposs_patch_graph_options), k, 3.0F, 0.01F, 1.0F, 0, {}};
    options.pixel_graph = {sizeof(lposs_pixel_graph_options), 0.01F, 6, {}};
    options.patch_solver = {sizeof(lposs_solver_options), 0.95F, 1e-6F, 10, 0, {}};
    options.pixel_solver = options.patch_solver;
    return options;
}

Array<int32_t> labels_of(const Array<double>& scores) {
    const int64_t classes = scores.shape[2];
    return spec::argmax(scores.reshaped({scores.size() / classes, classes})).labels;
}

class SpecGolden : public testing::TestWithParam<std::string> {
protected:
    void expect_agreement(lposs_mode mode, const Array<float>& expected) {
        const int32_t classes = 1 + *std::max_element(golden.prompt_classes.begin(), golden.prompt_classes.end());
        const spec::SegmentInputs inputs{golden.image,
                                         golden.windows,
                                         GoldenCase::patch_size,
                                         cast<double>(golden.vlm),
                                         cast<double>(golden.vm),
                                         cast<double>(golden.text),
                                         golden.prompt_classes,
                                         classes};
        const Array<double> scores =
            spec::segment(inputs, paper_options(golden.k, mode), expected.shape[0], expected.shape[1]);
        EXPECT_TRUE(close(cast<float>(scores), cast<double>(expected), tolerance::spec_against_authors));
        EXPECT_TRUE(labels_equal(labels_of(scores), labels_of(cast<double>(expected)), tolerance::equal_labels));
    }

    GoldenCase golden = read_golden(GetParam());
};

TEST_P(SpecGolden, WindowsAreTheAuthors) {
    EXPECT_TRUE(same_bits(spec::windows(golden.image.shape[0], golden.image.shape[1], golden.window, golden.stride),
                          golden.windows));
    EXPECT_EQ(spec::patch_count(golden.windows, GoldenCase::patch_size), golden.vm.shape[0]);
}

TEST_P(SpecGolden, PatchStepGivesTheAuthorsScores) {
    expect_agreement(LPOSS_MODE_LPOSS, golden.lposs);
}

TEST_P(SpecGolden, PixelStepGivesTheAuthorsScores) {
    expect_agreement(LPOSS_MODE_LPOSS_PLUS, golden.lposs_plus);
}

INSTANTIATE_TEST_SUITE_P(Cases, SpecGolden, testing::ValuesIn(golden_names()),
                         [](const auto& test) { return test.param; });

} // namespace
