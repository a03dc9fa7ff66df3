#include "harness/device_test.h"
#include "spec/windows.h"

namespace {

class CutWindows : public DeviceTest {
protected:
    void expect_spec(int64_t height, int64_t width, int64_t window, int64_t stride, int64_t extra) {
        FOR_SHAPE(height, width, window, stride, extra);
        const float mean[] = {0.485F, 0.456F, 0.406F}, std[] = {0.229F, 0.224F, 0.225F};
        const Array<uint8_t> image = random.image(height, width);
        const Array<int32_t> windows = windows_of(height, width, window, stride);
        const int64_t h = std::min(height, window) + extra, w = std::min(width, window) + extra;
        EXPECT_TRUE(close(core.cut_windows(image, windows, mean, std, h, w),
                          spec::cut_windows(image, windows, mean, std, h, w), tolerance::normalise));
    }
};

TEST_P(CutWindows, EqualsTheSpecOnAnyShape) {
    expect_spec(1, 1, 1, 1, 0);
    expect_spec(1, 1, 16, 16, 0);
    expect_spec(sized(61, 20), sized(83, 25), 16, 9, 0);
    expect_spec(20, 30, 224, 112, 12); // smaller than the window, padded with zeros
    expect_spec(33, 17, 10, 10, 1);
}

TEST_P(CutWindows, WindowsOfDifferentSizesSharePadding) {
    const Array<uint8_t> image = random.image(12, 14);
    const Array<int32_t> windows({2, 4}, {0, 12, 0, 5, 3, 7, 2, 14});
    const float mean[] = {0, 0.5F, 1}, std[] = {1, 0.5F, 2};
    EXPECT_TRUE(close(core.cut_windows(image, windows, mean, std, 12, 13),
                      spec::cut_windows(image, windows, mean, std, 12, 13), tolerance::normalise));
}

ON_ALL_DEVICES(CutWindows);

} // namespace
