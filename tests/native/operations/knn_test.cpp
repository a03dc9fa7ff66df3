#include "harness/device_test.h"
#include "spec/knn.h"

#include <cmath>
#include <set>

namespace {

class Knn : public DeviceTest {
protected:
    // Inner products of small whole numbers are exact in float32, so nothing may differ, ties included.
    void expect_exact(const Array<float>& features, int64_t k) {
        const KnnResult found = core.knn(features, k);
        const spec::Neighbours expected = spec::knn(cast<double>(features), k);
        EXPECT_TRUE(same_bits(found.indices, expected.indices));
        EXPECT_TRUE(same_bits(found.similarities, cast<float>(expected.similarities)));
    }

    // Rounding may swap neighbours that are nearly as near, but each must be as near as it says, there must be none
    // twice, and the nearest k must be as near as the spec's.
    void expect_close(const Array<float>& features, int64_t k) {
        const KnnResult found = core.knn(features, k);
        const Array<double> exact = cast<double>(features);
        const spec::Neighbours expected = spec::knn(exact, k);
        EXPECT_TRUE(close(found.similarities, expected.similarities, tolerance::dot_product));
        Array<double> claimed(expected.similarities.shape);
        for (int64_t i = 0; i < features.shape[0]; ++i) {
            std::set<int32_t> seen;
            for (int64_t rank = 0; rank < k; ++rank) {
                const int32_t j = found.indices(i, rank);
                ASSERT_GE(j, 0);
                ASSERT_LT(j, features.shape[0]);
                EXPECT_TRUE(seen.insert(j).second) << "point " << i << " has neighbour " << j << " twice";
                for (int64_t d = 0; d < features.shape[1]; ++d) claimed(i, rank) += exact(i, d) * exact(j, d);
                if (rank > 0) {
                    EXPECT_LE(found.similarities(i, rank), found.similarities(i, rank - 1));
                }
            }
        }
        EXPECT_TRUE(close(found.similarities, claimed, tolerance::dot_product));
    }
};

TEST_P(Knn, IsExactOnWholeNumbers) {
    const std::vector<std::vector<int64_t>> shapes = {{1, 1, 1},   {1, 30, 1},   {2, 3, 2},
                                                      {5, 1, 3},   {33, 2, 1},   {50, 4, 50},
                                                      {64, 16, 7}, {100, 9, 99}, {sized(301, 61), 3, 40}};
    for (const auto& s : shapes) {
        FOR_SHAPE(s[0], s[1], s[2]);
        expect_exact(random.whole({s[0], s[1]}, 3), s[2]);
    }
}

TEST_P(Knn, EqualsTheSpecOnAnyShape) {
    const std::vector<std::vector<int64_t>> shapes = {
        {1, 768, 1}, {sized(300, 40), sized(384, 48), 30}, {sized(513, 40), 24, sized(400, 40)}, {97, 65, 97}};
    for (const auto& s : shapes) {
        FOR_SHAPE(s[0], s[1], s[2]);
        expect_close(random.features(s[0], s[1]), s[2]);
    }
    for (int64_t round = 0; round < sized(10, 2); ++round) {
        const int64_t n = random.integer(1, sized(220, 50)), d = random.integer(1, 100), k = random.integer(1, n);
        FOR_SHAPE(n, d, k);
        expect_close(random.features(n, d), k);
    }
}

TEST_P(Knn, ManyPointsWithManyTies) {
    const int64_t n = sized(1500, 70);
    const Array<float> features = random.whole({n, 6}, 2);
    for (const int64_t k : {int64_t{1}, sized(37, 9), sized(400, 40), n}) {
        FOR_SHAPE(n, k);
        expect_exact(features, k);
    }
}

TEST_P(Knn, SimilaritiesOverManyPowersOfTwo) {
    // Powers of two multiply exactly, and crowd in a way that no guess by value foresees.
    Array<float> features({sized(1200, 70), 1});
    for (float& value : features.values) {
        const auto power = static_cast<int>(random.integer(-60, 60));
        value = static_cast<float>(std::ldexp(random.chance(0.5) ? 1.0 : -1.0, power));
    }
    for (const int64_t k : {sized(50, 5), sized(700, 33)}) {
        FOR_SHAPE(features.shape[0], k);
        expect_exact(features, k);
    }
}

TEST_P(Knn, TiesGoToTheLowerIndex) {
    Array<float> features = random.features(sized(150, 40), 37);
    const int64_t n = features.shape[0];
    for (int64_t i = 0; i < n; ++i) // every third point is a copy of an earlier one
        if (i % 3 == 2)
            for (int64_t d = 0; d < 37; ++d) features(i, d) = features(i / 2, d);
    for (const int64_t k : {int64_t{1}, int64_t{2}, int64_t{10}, n}) {
        const KnnResult found = core.knn(features, k);
        for (int64_t i = 0; i < n; ++i)
            for (int64_t rank = 1; rank < k; ++rank)
                if (found.similarities(i, rank) == found.similarities(i, rank - 1)) {
                    ASSERT_LT(found.indices(i, rank - 1), found.indices(i, rank)) << "point " << i << ", rank " << rank;
                }
        for (int64_t i = 0; i < n; ++i) { // of two copies, the lower one comes first or alone
            std::set<int32_t> before;
            for (int64_t rank = 0; rank < k; ++rank) {
                const int32_t j = found.indices(i, rank);
                if (j % 3 == 2) {
                    EXPECT_TRUE(before.count(j / 2)) << "point " << i << " took " << j << " before its elder copy";
                }
                before.insert(j);
            }
        }
    }
}

TEST_P(Knn, EqualPointsAreTakenInOrder) {
    const Array<float> features({sized(1100, 40), 5}, 0.3F);
    const KnnResult found = core.knn(features, 20);
    for (int64_t i = 0; i < features.shape[0]; ++i)
        for (int64_t rank = 0; rank < 20; ++rank) ASSERT_EQ(found.indices(i, rank), rank) << "point " << i;
}

TEST_P(Knn, ZeroRowsAreEquallyFarFromAll) {
    expect_exact(Array<float>({17, 6}), 9);
}

TEST_P(Knn, HugeAndTinyFeatures) {
    for (const float scale : {1e-15F, 1e15F}) {
        SCOPED_TRACE(scale);
        Array<float> features = random.features(40, 12);
        for (float& value : features.values) value *= scale;
        expect_close(features, 11);
    }
}

ON_ALL_DEVICES(Knn);

} // namespace
