// No device: lists of windows and patches are made on the host.
#include "harness/compare.h"
#include "harness/core.h"
#include "harness/random.h"
#include "spec/windows.h"

namespace {

TEST(Windows, EqualTheSpecOnAnyShape) {
    Random random;
    const std::vector<std::vector<int64_t>> shapes = {{1, 1, 1, 1},         {448, 597, 224, 112}, {100, 80, 224, 112},
                                                      {224, 224, 224, 112}, {225, 224, 224, 112}, {1, 500, 224, 100},
                                                      {37, 41, 10, 10},     {37, 41, 10, 30},     {5, 5, 3, 1}};
    const auto expect_spec = [](int64_t height, int64_t width, int64_t window, int64_t stride) {
        SCOPED_TRACE(testing::Message() << height << " x " << width << ", window " << window << ", stride " << stride);
        const Array<int32_t> found = windows_of(height, width, window, stride);
        ASSERT_TRUE(same_bits(found, spec::windows(height, width, window, stride)));
        for (const int32_t patch : {1, 7, 14, 16, 256})
            ASSERT_TRUE(same_bits(patch_centres_of(found, patch), cast<float>(spec::patch_centres(found, patch))));
    };
    for (const auto& s : shapes) expect_spec(s[0], s[1], s[2], s[3]);
    for (int round = 0; round < 60; ++round)
        expect_spec(random.integer(1, 300), random.integer(1, 300), random.integer(8, 150), random.integer(8, 100));
}

TEST(Windows, CoverThePictureWhereTheStrideDoes) {
    Random random;
    for (int round = 0; round < 40; ++round) {
        const int64_t height = random.integer(1, 90), width = random.integer(1, 90), window = random.integer(2, 50);
        const Array<int32_t> windows = windows_of(height, width, window, random.integer(1, window));
        Array<uint8_t> covered({height, width});
        for (int64_t n = 0; n < windows.shape[0]; ++n)
            for (int64_t y = windows(n, 0); y < windows(n, 1); ++y)
                for (int64_t x = windows(n, 2); x < windows(n, 3); ++x) covered(y, x) = 1;
        for (const uint8_t one : covered.values) ASSERT_EQ(one, 1);
    }
}

} // namespace
