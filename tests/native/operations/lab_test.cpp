#include "harness/device_test.h"
#include "spec/lab.h"

namespace {

class Lab : public DeviceTest {
protected:
    template <class T>
    void expect_spec(const Array<T>& image) {
        if constexpr (std::is_same_v<T, uint8_t>)
            EXPECT_TRUE(close(core.rgb_to_lab(image), spec::rgb_to_lab(image), tolerance::lab));
        else
            EXPECT_TRUE(close(core.rgb_to_lab(image), spec::rgb_to_lab(cast<double>(image)), tolerance::lab));
    }
};

TEST_P(Lab, EveryGray) {
    Array<uint8_t> ramp({16, 16, 3});
    for (int64_t i = 0; i < ramp.size(); ++i) ramp(i) = static_cast<uint8_t>(i / 3);
    expect_spec(ramp);
}

TEST_P(Lab, ColoursOnALattice) {
    Array<uint8_t> colours({16, 256, 3});
    for (int64_t i = 0; i < 4096; ++i)
        for (int64_t c = 0; c < 3; ++c) colours(3 * i + c) = static_cast<uint8_t>(17 * (i >> (4 * c) & 15));
    expect_spec(colours);
}

TEST_P(Lab, AnyShapeOfBytesAndFloats) {
    const std::vector<std::vector<int64_t>> shapes = {{1, 1}, {1, 37}, {41, 1}, {7, 5}, {sized(61, 17), sized(83, 13)}};
    for (const auto& s : shapes) {
        FOR_SHAPE(s[0], s[1]);
        expect_spec(random.image(s[0], s[1]));
        Array<float> floats({s[0], s[1], 3});
        for (float& value : floats.values) value = static_cast<float>(random.uniform(0, 1));
        expect_spec(floats);
    }
}

TEST_P(Lab, BothSidesOfTheTwoThresholds) {
    // sRGB turns from a line to a power at 0.04045, lightness from a line to a root at Y = 0.008856 (sRGB
    // 0.0957). Dark images alone, so that brighter values do not hide what is off there.
    for (const double from : {0.0, 0.035, 0.085}) {
        Array<float> ramp({1, 200, 3});
        for (int64_t x = 0; x < 200; ++x)
            for (int64_t c = 0; c < 3; ++c) ramp(0, x, c) = static_cast<float>(from + 0.0001 * static_cast<double>(x));
        SCOPED_TRACE(from);
        expect_spec(ramp);
    }
}

TEST_P(Lab, BytesAndFloatsOfTheSamePictureAgree) {
    const Array<uint8_t> bytes = random.image(19, 23);
    Array<float> floats(bytes.shape);
    for (int64_t i = 0; i < bytes.size(); ++i) floats(i) = static_cast<float>(bytes(i)) / 255.0F;
    EXPECT_TRUE(close(core.rgb_to_lab(floats), cast<double>(core.rgb_to_lab(bytes)), tolerance::lab));
}

ON_ALL_DEVICES(Lab);

} // namespace
