#include "harness/device_test.h"
#include "spec/resize.h"

#include <cmath>

namespace {

class Resize : public DeviceTest {
protected:
    void expect_spec(const Array<float>& x, int64_t height, int64_t width) {
        EXPECT_TRUE(
            close(core.resize(x, height, width), spec::resize(cast<double>(x), height, width), tolerance::blend));
    }

    // Rounded half up: an exact value may go either way only within what the blend's own rounding can move it.
    void expect_rounded(const Array<uint8_t>& x, int64_t height, int64_t width) {
        constexpr double reach = 255 * tolerance::blend;
        const Array<uint8_t> found = core.resize(x, height, width);
        const Array<double> exact = spec::resize(cast<double>(x), height, width);
        for (int64_t i = 0; i < found.size(); ++i) {
            ASSERT_GE(found(i), std::floor(exact(i) + 0.5 - reach)) << "element " << i << ", exactly " << exact(i);
            ASSERT_LE(found(i), std::floor(exact(i) + 0.5 + reach)) << "element " << i << ", exactly " << exact(i);
        }
    }
};

const std::vector<std::vector<int64_t>> shapes = {{1, 1, 1, 1, 1},     {1, 1, 3, 7, 5},     {9, 11, 4, 1, 1},
                                                  {1, 13, 21, 1, 40},  {17, 1, 2, 5, 1},    {14, 14, 21, 56, 56},
                                                  {20, 31, 3, 20, 31}, {30, 40, 3, 13, 17}, {3, 5, 171, 10, 11},
                                                  {6, 4, 5, 6, 9},     {6, 4, 5, 11, 4},    {16, 16, 16, 32, 32}};

TEST_P(Resize, FloatsEqualTheSpecOnAnyShape) {
    for (const auto& s : shapes) {
        FOR_SHAPE(s[0], s[1], s[2], s[3], s[4]);
        expect_spec(random.array({s[0], s[1], s[2]}), s[3], s[4]);
    }
    for (int64_t round = 0; round < sized(15, 2); ++round) {
        const int64_t h = random.integer(1, 30), w = random.integer(1, 30), c = random.integer(1, 40);
        const int64_t h2 = random.integer(1, 50), w2 = random.integer(1, 50);
        FOR_SHAPE(h, w, c, h2, w2);
        expect_spec(random.array({h, w, c}), h2, w2);
    }
}

TEST_P(Resize, BytesAreRoundedHalfUp) {
    for (const auto& s : shapes) {
        FOR_SHAPE(s[0], s[1], s[2], s[3], s[4]);
        Array<uint8_t> x({s[0], s[1], s[2]});
        for (uint8_t& value : x.values) value = static_cast<uint8_t>(random.integer(0, 255));
        expect_rounded(x, s[3], s[4]);
    }
    Array<uint8_t> halves({1, 2, 1}); // at twice the size the quarter points of 0 and 2 are 0.5 and 1.5 exactly
    halves(1) = 2;
    EXPECT_EQ(core.resize(halves, 1, 4).values, (std::vector<uint8_t>{0, 1, 2, 2}));
}

TEST_P(Resize, TheSameSizeIsACopy) {
    const Array<float> x = random.array({13, 9, 7});
    EXPECT_TRUE(same_bits(core.resize(x, 13, 9), x));
    const Array<uint8_t> image = random.image(13, 9);
    EXPECT_TRUE(same_bits(core.resize(image, 13, 9), image));
}

TEST_P(Resize, ALongRow) {
    expect_spec(random.array({1, sized(9001, 300), 2}), 2, sized(10007, 301));
}

TEST_P(Resize, AConstantPictureStaysConstant) {
    const Array<uint8_t> white = core.resize(Array<uint8_t>({5, 7, 3}, 255), 31, 18);
    for (const uint8_t value : white.values) ASSERT_EQ(value, 255);
}

TEST_P(Resize, HugeAndTinyValuesStayFinite) {
    for (const float scale : {3e38F, 1e-38F}) {
        SCOPED_TRACE(scale);
        Array<float> x({6, 7, 3});
        for (float& value : x.values) value = scale * static_cast<float>(random.uniform(-1, 1));
        const Array<float> found = core.resize(x, 11, 5);
        for (const float value : found.values) ASSERT_TRUE(std::isfinite(value));
        if (scale > 1) {
            EXPECT_TRUE(close(found, spec::resize(cast<double>(x), 11, 5), tolerance::blend));
        }
    }
}

ON_ALL_DEVICES(Resize);

} // namespace
