#include "harness/device_test.h"
#include "spec/similarity.h"

namespace {

class Similarity : public DeviceTest {
protected:
    void expect_spec(const Array<float>& features, const Array<float>& text) {
        EXPECT_TRUE(close(core.similarity(features, text), spec::similarity(cast<double>(features), cast<double>(text)),
                          tolerance::dot_product));
    }
};

TEST_P(Similarity, EqualsTheSpecOnAnyShape) {
    const std::vector<std::vector<int64_t>> shapes = {{1, 1, 1},
                                                      {1, 5, 1},
                                                      {1, 512, 171},
                                                      {7, 1, 3},
                                                      {17, 33, 2},
                                                      {sized(257, 33), sized(768, 65), 21},
                                                      {65, 31, sized(171, 19)}};
    for (const auto& s : shapes) {
        FOR_SHAPE(s[0], s[1], s[2]);
        expect_spec(random.features(s[0], s[1]), random.unit_rows(s[2], s[1]));
    }
    for (int64_t round = 0; round < sized(12, 2); ++round) {
        const int64_t n = random.integer(1, 90), d = random.integer(1, 130), p = random.integer(1, 40);
        FOR_SHAPE(n, d, p);
        expect_spec(random.features(n, d), random.unit_rows(p, d));
    }
}

TEST_P(Similarity, NoPatchesGiveNoScores) {
    EXPECT_EQ(core.similarity(Array<float>({0, 8}), random.unit_rows(3, 8)).size(), 0);
}

TEST_P(Similarity, AZeroRowGivesZeros) {
    Array<float> features = random.features(5, 19);
    for (int64_t d = 0; d < 19; ++d) features(2, d) = 0;
    const Array<float> scores = core.similarity(features, random.unit_rows(4, 19));
    for (int64_t p = 0; p < 4; ++p) EXPECT_EQ(scores(2, p), 0.0F);
    expect_spec(features, random.unit_rows(4, 19));
}

TEST_P(Similarity, TheLengthOfAFeatureDoesNotMatter) {
    const Array<float> features = random.features(6, 40), text = random.unit_rows(3, 40);
    for (const float scale : {1e-30F, 1e-20F, 1e-3F, 1e3F, 1e20F, 1e30F}) {
        SCOPED_TRACE(scale);
        Array<float> scaled = features;
        for (float& value : scaled.values) value *= scale;
        expect_spec(scaled, text);
    }
}

ON_ALL_DEVICES(Similarity);

} // namespace
