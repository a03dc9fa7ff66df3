#include "harness/device_test.h"
#include "spec/stitch.h"
#include "spec/windows.h"

namespace {

class Stitch : public DeviceTest {
protected:
    void expect_spec(const Array<int32_t>& windows, int32_t patch, int64_t height, int64_t width, int64_t classes) {
        FOR_SHAPE(height, width, windows.shape[0], patch, classes);
        const Array<float> scores = random.array({spec::patch_count(windows, patch), classes});
        EXPECT_TRUE(close(core.stitch(scores, windows, patch, height, width),
                          spec::stitch(cast<double>(scores), windows, patch, height, width), tolerance::stitch));
    }
    void expect_sliding(int64_t height, int64_t width, int64_t window, int64_t stride, int32_t patch, int64_t classes) {
        expect_spec(windows_of(height, width, window, stride), patch, height, width, classes);
    }
};

TEST_P(Stitch, SlidingWindowsOfAnyShape) {
    expect_sliding(1, 1, 224, 112, 16, 1);
    expect_sliding(1, 50, 16, 8, 16, 3);
    expect_sliding(50, 1, 16, 8, 16, 2);
    expect_sliding(96, 80, 48, 24, 16, 21);
    expect_sliding(37, 53, 32, 13, 16, 5);   // windows are no multiples of the patch
    expect_sliding(20, 30, 224, 112, 16, 4); // smaller than the window
    expect_sliding(40, 40, 20, 10, 7, 1);
    expect_sliding(12, 13, 8, 4, 1, 3); // a patch for each pixel
    expect_sliding(60, 45, 30, 15, 256, 2);
    expect_sliding(30, 34, 16, 8, 16, sized(171, 33));
    for (int64_t round = 0; round < sized(10, 2); ++round) {
        const int64_t window = random.integer(4, 40);
        expect_sliding(random.integer(1, 70), random.integer(1, 70), window, random.integer(1, window),
                       static_cast<int32_t>(random.integer(1, 20)), random.integer(1, 30));
    }
}

TEST_P(Stitch, WindowsOfDifferentSizesInAnyOrder) {
    expect_spec(Array<int32_t>({3, 4}, {10, 30, 0, 40, 0, 20, 0, 25, 0, 12, 5, 40}), 16, 30, 40, 6);
    expect_spec(Array<int32_t>({2, 4}, {0, 9, 0, 9, 0, 9, 0, 9}), 4, 9, 9, 2); // one window twice
}

TEST_P(Stitch, AConstantStaysConstant) {
    const Array<int32_t> windows = windows_of(50, 61, 32, 11);
    const Array<float> scores({spec::patch_count(windows, 16), 3}, 0.37F);
    EXPECT_TRUE(close(core.stitch(scores, windows, 16, 50, 61), Array<double>({50, 61, 3}, 0.37), tolerance::stitch));
}

ON_ALL_DEVICES(Stitch);

} // namespace
