#include "harness/device_test.h"
#include "spec/argmax.h"

namespace {

class Argmax : public DeviceTest {
protected:
    // Scores are compared as they are, so everything is exact.
    void expect_exact(const Array<float>& scores, lposs_dtype dtype) {
        const LabelResult found = core.argmax(scores, dtype);
        const spec::Labels expected = spec::argmax(cast<double>(scores));
        EXPECT_TRUE(same_bits(found.labels, expected.labels));
        EXPECT_TRUE(same_bits(found.confidence, cast<float>(expected.confidence)));
    }
};

TEST_P(Argmax, EveryClassCountAndDtype) {
    for (const int64_t classes : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 21, 31, 32, 33, 64, 65, 150, 171, 256})
        for (const lposs_dtype dtype : {LPOSS_UINT8, LPOSS_UINT16, LPOSS_INT32}) {
            const int64_t pixels = random.integer(1, sized(400, 50));
            FOR_SHAPE(pixels, classes, dtype);
            expect_exact(random.array({pixels, classes}), dtype);
        }
}

TEST_P(Argmax, MoreThan256ClassesFitTwoBytes) {
    expect_exact(random.array({9, 1000}), LPOSS_UINT16);
}

TEST_P(Argmax, ManyPixels) {
    expect_exact(random.array({sized(20001, 1500), 6}), LPOSS_UINT8);
}

TEST_P(Argmax, NoPixels) {
    EXPECT_EQ(core.argmax(Array<float>({0, 3})).labels.size(), 0);
}

TEST_P(Argmax, TiesGoToTheLowerClass) {
    for (const int64_t classes : {2, 5, 16, 21, 40, 171}) {
        FOR_SHAPE(classes);
        expect_exact(random.whole({sized(500, 60), classes}, 1), LPOSS_INT32);
        expect_exact(Array<float>({3, classes}, 0.25F), LPOSS_INT32);
    }
}

TEST_P(Argmax, HugeTinyAndNegativeScores) {
    for (const float scale : {3e38F, 1e-38F, -3e38F, -1e-42F}) {
        Array<float> scores({50, 19});
        for (float& score : scores.values) score = scale * static_cast<float>(random.uniform(0, 0.5));
        SCOPED_TRACE(scale);
        expect_exact(scores, LPOSS_INT32);
    }
}

class MergePrompts : public DeviceTest {};

TEST_P(MergePrompts, EqualsTheSpecOnAnyShape) {
    const std::vector<std::vector<int64_t>> shapes = {
        {1, 1, 1}, {0, 4, 2}, {5, 1, 1}, {7, 9, 1}, {100, 6, 4}, {sized(5000, 200), 21, 21}, {33, 171, 60}};
    for (const auto& s : shapes) {
        FOR_SHAPE(s[0], s[1], s[2]);
        const Array<float> scores = random.array({s[0], s[1]});
        const std::vector<int32_t> class_of = random.prompt_classes(s[1], s[2]);
        EXPECT_TRUE(same_bits(core.merge_prompts(scores, class_of, s[2]),
                              cast<float>(spec::merge_prompts(cast<double>(scores), class_of, s[2]))));
    }
}

ON_ALL_DEVICES(Argmax);
ON_ALL_DEVICES(MergePrompts);

} // namespace
