// The whole method in one call, against the spec of it and against its own parts.
#include "harness/device_test.h"
#include "spec/argmax.h"
#include "spec/knn.h"
#include "spec/patch_graph.h"
#include "spec/segment.h"
#include "spec/windows.h"

#include <numeric>

namespace {

struct Shape {
    int64_t height, width, window, stride;
    int32_t patch;
    int64_t prompts, classes;
    int64_t output_height, output_width;
};

class Segment : public DeviceTest {
protected:
    SegmentCall made_up(const Shape& s, lposs_mode mode) {
        SegmentCall call;
        call.image = random.image(s.height, s.width);
        call.windows = windows_of(s.height, s.width, s.window, s.stride);
        call.patch_size = s.patch;
        const int64_t n = spec::patch_count(call.windows, s.patch);
        call.options.mode = mode;
        call.options.patch_graph.k = 30;
        call.vlm = random.features(n, 24);
        call.text = random.unit_rows(s.prompts, 24);
        do call.vm = random.features(n, 20);
        while (spec::smallest_gap(spec::graph_features(cast<double>(*call.vm), call.options.patch_graph), 30) <
               tolerance::neighbour_gap);
        if (s.prompts != s.classes) call.prompt_classes = random.prompt_classes(s.prompts, s.classes);
        call.classes = s.classes;
        call.height = s.output_height;
        call.width = s.output_width;
        return call;
    }

    static Array<double> spec_scores(const SegmentCall& call) {
        std::vector<int32_t> class_of(static_cast<size_t>(call.text.shape[0]));
        std::iota(class_of.begin(), class_of.end(), 0);
        return spec::segment({*call.image, call.windows, call.patch_size, cast<double>(call.vlm),
                              cast<double>(*call.vm), cast<double>(call.text), call.prompt_classes.value_or(class_of),
                              call.classes},
                             call.options, call.height, call.width);
    }

    void expect_spec(const SegmentCall& call) {
        const SegmentResult found = core.segment(call);
        const Array<double> expected = spec_scores(call);
        EXPECT_TRUE(close(found.scores, expected, tolerance::graph_and_solve));
        EXPECT_TRUE(labels_win(found.labels, expected, tolerance::scores));
        expect_consistent(found, call);
    }

    // Labels and confidence belong to the scores.
    static void expect_consistent(const SegmentResult& found, const SegmentCall& call) {
        const Array<double> scores = cast<double>(found.scores);
        EXPECT_TRUE(labels_win(found.labels, scores, tolerance::label_tie));
        const Array<double> lead = spec::argmax(scores.reshaped({call.height * call.width, call.classes}))
                                       .confidence.reshaped({call.height, call.width});
        double largest = 0;
        for (const double score : scores.values) largest = std::max(largest, std::abs(score));
        for (int64_t i = 0; i < lead.size(); ++i)
            ASSERT_NEAR(static_cast<double>(found.confidence(i)), lead(i), tolerance::label_tie * largest) << i;
    }
};

constexpr lposs_mode modes[] = {LPOSS_MODE_VLM, LPOSS_MODE_LPOSS, LPOSS_MODE_LPOSS_PLUS};

TEST_P(Segment, PicturesOfAnyShapeInEveryMode) {
    const Shape shapes[] = {
        {1, 1, 224, 112, 16, 1, 1, 1, 1},       {1, 1, 224, 112, 16, 3, 3, 5, 4},
        {20, 33, 224, 112, 16, 4, 4, 20, 33},   {48, 64, 32, 16, 16, 21, 21, 48, 64},
        {37, 45, 32, 13, 16, 7, 4, 61, 50},     {30, 31, 20, 10, 7, 5, 2, 11, 90},
        {1, 60, 16, 8, 16, 2, 2, 1, 60},        {40, 1, 16, 16, 16, 3, 1, 40, 1},
        {25, 25, 25, 25, 1 << 8, 6, 6, 25, 25},
    };
    for (const Shape& s : shapes)
        for (const lposs_mode mode : modes) {
            FOR_SHAPE(s.height, s.width, s.window, s.stride, s.patch, s.prompts, s.classes, mode);
            expect_spec(made_up(s, mode));
        }
}

TEST_P(Segment, ManyClasses) {
    expect_spec(made_up({sized(32, 16), 32, 32, 16, 16, 171, 171, 32, 33}, LPOSS_MODE_LPOSS_PLUS));
    expect_spec(made_up({20, 20, 20, 20, 16, 171, 90, 20, 20}, LPOSS_MODE_LPOSS));
}

TEST_P(Segment, ParametersOfABundleOfItsOwn) {
    SegmentCall call = made_up({40, 52, 32, 16, 16, 6, 6, 40, 52}, LPOSS_MODE_LPOSS_PLUS);
    call.options.patch_graph = {sizeof(lposs_patch_graph_options), 20, 8.0F, 0.03F, 1.0F, 1, {}};
    call.options.pixel_graph = {sizeof(lposs_pixel_graph_options), 0.02F, 3, {}};
    call.options.patch_solver = {sizeof(lposs_solver_options), 0.9F, 1e-5F, 20, 1, {}};
    call.options.pixel_solver = {sizeof(lposs_solver_options), 0.8F, 1e-5F, 6, 1, {}};
    do call.vm = random.features(call.vlm.shape[0], 20);
    while (spec::smallest_gap(spec::graph_features(cast<double>(*call.vm), call.options.patch_graph), 20) <
           tolerance::neighbour_gap);
    expect_spec(call);
}

TEST_P(Segment, EitherSolverMaySubtractTheClassMean) {
    for (const int32_t patch : {0, 1})
        for (const int32_t pixel : {0, 1})
            for (const lposs_mode mode : {LPOSS_MODE_LPOSS, LPOSS_MODE_LPOSS_PLUS}) {
                FOR_SHAPE(patch, pixel, mode);
                SegmentCall call = made_up({40, 52, 32, 16, 16, 6, 4, 40, 52}, mode);
                call.options.patch_solver.subtract_class_mean = patch;
                call.options.pixel_solver.subtract_class_mean = pixel;
                expect_spec(call);
            }
}

TEST_P(Segment, LabelsAloneAreTheLabels) {
    for (const lposs_mode mode : modes) {
        SegmentCall call = made_up({33, 40, 32, 16, 16, 5, 3, 50, 47}, mode);
        const SegmentResult whole = core.segment(call);
        call.wants_scores = false;
        const SegmentResult alone = core.segment(call, LPOSS_UINT8);
        EXPECT_TRUE(same_bits(alone.labels, whole.labels));
        EXPECT_TRUE(same_bits(alone.confidence, whole.confidence));
    }
}

TEST_P(Segment, OneClassHasNoConfidence) {
    const SegmentResult found = core.segment(made_up({16, 18, 16, 16, 16, 1, 1, 20, 10}, LPOSS_MODE_LPOSS_PLUS));
    for (const int32_t label : found.labels.values) ASSERT_EQ(label, 0);
    for (const float confidence : found.confidence.values) ASSERT_EQ(confidence, 0.0F);
}

TEST_P(Segment, WithoutAPictureTheWindowsSayItsSize) {
    SegmentCall call = made_up({30, 44, 32, 16, 16, 3, 3, 30, 44}, LPOSS_MODE_LPOSS);
    const SegmentResult with = core.segment(call);
    call.image.reset();
    const SegmentResult without = core.segment(call);
    EXPECT_TRUE(same_bits(without.scores, with.scores));
    EXPECT_TRUE(same_bits(without.labels, with.labels));
}

TEST_P(Segment, ModeVlmNeedsNoVisionModel) {
    SegmentCall call = made_up({30, 44, 32, 16, 16, 3, 3, 30, 44}, LPOSS_MODE_VLM);
    const SegmentResult with = core.segment(call);
    call.vm.reset();
    EXPECT_TRUE(same_bits(core.segment(call).scores, with.scores));
}

TEST_P(Segment, TheReportTellsOfEachStage) {
    const SegmentCall call = made_up({48, 48, 32, 16, 16, 5, 3, 48, 48}, LPOSS_MODE_LPOSS_PLUS);
    const lposs_segment_report report = core.segment(call).report;
    EXPECT_EQ(report.patch.column_count, 5);
    EXPECT_EQ(report.pixel.column_count, 5);
    EXPECT_GT(report.patch.largest_residual, 0.0F);
    EXPECT_GT(report.pixel.largest_residual, 0.0F);
    double sum = 0;
    for (const double stage : {report.similarity_ms, report.patch_graph_ms, report.patch_solve_ms, report.stitch_ms,
                               report.pixel_graph_ms, report.pixel_solve_ms, report.label_ms}) {
        EXPECT_GT(stage, 0.0);
        sum += stage;
    }
    EXPECT_NEAR(sum, report.total_ms, 0.05 * report.total_ms + 0.1);

    SegmentCall vlm = call;
    vlm.options.mode = LPOSS_MODE_VLM;
    const lposs_segment_report plain = core.segment(vlm).report;
    EXPECT_EQ(plain.patch_graph_ms, 0.0);
    EXPECT_EQ(plain.pixel_solve_ms, 0.0);
    EXPECT_EQ(plain.patch.column_count, 0);
}

TEST_P(Segment, OnePictureAfterAnotherOfAnotherSize) {
    const SegmentCall small = made_up({20, 24, 16, 8, 16, 4, 4, 20, 24}, LPOSS_MODE_LPOSS_PLUS);
    const SegmentCall large = made_up({45, 60, 32, 16, 16, 9, 9, 45, 60}, LPOSS_MODE_LPOSS_PLUS);
    const SegmentResult first = core.segment(small);
    expect_spec(large);
    EXPECT_TRUE(same_bits(core.segment(small).scores, first.scores));
}

ON_ALL_DEVICES(Segment);

} // namespace
