// The pixel step alone, on scores or labels.
#include "harness/device_test.h"
#include "spec/refine.h"

namespace {

class Refine : public DeviceTest {
protected:
    RefineCall made_up(int64_t height, int64_t width, int64_t classes) {
        RefineCall call;
        call.image = random.image(height, width);
        call.classes = classes;
        call.height = height;
        call.width = width;
        return call;
    }

    Array<int32_t> coarse_labels(int64_t height, int64_t width, int64_t classes, int32_t ignore) {
        Array<int32_t> labels({height, width});
        for (int32_t& label : labels.values)
            label = random.chance(0.1) ? ignore : static_cast<int32_t>(random.integer(0, classes - 1));
        return labels;
    }

    void expect_spec(const RefineCall& call) {
        const Array<double> source =
            call.scores ? cast<double>(*call.scores) : spec::one_hot(*call.labels, call.classes, call.ignore);
        const Array<double> expected = spec::refine(call.image, source, call.options, call.height, call.width);
        const SegmentResult found = core.refine(call);
        EXPECT_TRUE(close(found.scores, expected, tolerance::graph_and_solve));
        EXPECT_TRUE(labels_win(found.labels, expected, tolerance::scores));
        EXPECT_TRUE(labels_win(found.labels, cast<double>(found.scores), tolerance::label_tie));
    }
};

TEST_P(Refine, ScoresOfThePicturesSize) {
    const std::vector<std::vector<int64_t>> shapes = {
        {1, 1, 1}, {1, 30, 2}, {25, 1, 3}, {21, 33, 5}, {sized(40, 12), 30, 21}};
    for (const auto& s : shapes) {
        FOR_SHAPE(s[0], s[1], s[2]);
        RefineCall call = made_up(s[0], s[1], s[2]);
        call.scores = random.array({s[0], s[1], s[2]});
        expect_spec(call);
    }
}

TEST_P(Refine, ScoresOfAnotherSizeAndOutputsOfAThird) {
    for (const int32_t mean : {0, 1}) {
        RefineCall call = made_up(26, 35, 6);
        call.scores = random.array({5, 9, 6});
        call.options.solver.subtract_class_mean = mean;
        expect_spec(call);
        call.height = 41;
        call.width = 17;
        expect_spec(call);
        call.scores = random.array({50, 60, 6});
        expect_spec(call);
    }
}

TEST_P(Refine, LabelsOfEveryDtype) {
    for (const lposs_dtype dtype : {LPOSS_UINT8, LPOSS_UINT16, LPOSS_INT32}) {
        RefineCall call = made_up(24, 31, 4);
        call.labels = coarse_labels(24, 31, 4, 255);
        call.label_dtype = dtype;
        expect_spec(call);
    }
}

TEST_P(Refine, CoarseLabelsWithAnIgnoredOne) {
    RefineCall call = made_up(32, 40, 3);
    call.labels = coarse_labels(4, 5, 3, -1);
    call.ignore = -1;
    expect_spec(call);
    call.options.graph = {sizeof(lposs_pixel_graph_options), 0.03F, 2, {}};
    call.options.solver = {sizeof(lposs_solver_options), 0.8F, 1e-4F, 25, 1, {}};
    expect_spec(call);
}

TEST_P(Refine, IgnoredPixelsTakeTheLabelOfTheirNeighbours) {
    RefineCall call = made_up(12, 12, 2);
    call.image = Array<uint8_t>({12, 12, 3}, 80);
    call.labels = Array<int32_t>({12, 12}, 1);
    for (int64_t x = 4; x < 8; ++x) (*call.labels)(6, x) = call.ignore;
    for (const int32_t label : core.refine(call).labels.values) EXPECT_EQ(label, 1);
}

ON_ALL_DEVICES(Refine);

} // namespace
