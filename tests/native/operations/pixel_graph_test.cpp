#include "harness/device_test.h"
#include "spec/conjugate_gradient.h"
#include "spec/lab.h"
#include "spec/pixel_graph.h"

namespace {

class PixelGraph : public DeviceTest {
protected:
    static lposs_solver_options solver() {
        lposs_solver_options options;
        lposs_solver_options_init(&options);
        return options;
    }

    static Array<double> lab_of(const Array<uint8_t>& image) { return spec::rgb_to_lab(image); }
    static Array<double> lab_of(const Array<float>& image) { return spec::rgb_to_lab(cast<double>(image)); }

    template <class T>
    void expect_spec(const Array<T>& image, int32_t radius, int64_t columns, float tau = 0.01F) {
        const int64_t height = image.shape[0], width = image.shape[1];
        FOR_SHAPE(height, width, radius, columns);
        const lposs_pixel_graph_options options{sizeof options, tau, radius, {}};
        const Array<float> y = random.array({height * width, columns});
        const spec::Graph w = spec::pixel_graph(lab_of(image), options);
        const Graph graph = core.pixel_graph(image, options);
        EXPECT_EQ(graph.info().node_count, height * width);
        EXPECT_EQ(graph.info().edge_count, w.edge_count());
        EXPECT_TRUE(close(core.propagate(graph, y, solver()).x, spec::propagate(w, cast<double>(y), solver()).x,
                          tolerance::graph_and_solve));
    }
};

TEST_P(PixelGraph, PicturesOfAnyShape) {
    for (const int32_t radius : {1, 2, 6, 15}) {
        expect_spec(random.image(1, 1), radius, 2);
        expect_spec(random.image(1, 2), radius, 1);
        expect_spec(random.image(1, 37), radius, 3);
        expect_spec(random.image(29, 1), radius, 1);
        expect_spec(random.image(5, 40), radius, 2);
        expect_spec(random.image(sized(33, 9), sized(47, 18)), radius, 3);
    }
    expect_spec(random.image(sized(61, 14), sized(66, 19)), 6, 2);
    expect_spec(random.image(3, sized(700, 70)), 6, 2);
    expect_spec(random.image(sized(700, 70), 3), 6, 2);
    expect_spec(random.image(sized(30, 16), sized(270, 40)), 4, 5);
    for (int64_t round = 0; round < sized(8, 2); ++round)
        expect_spec(random.image(random.integer(1, sized(40, 12)), random.integer(1, sized(40, 20))),
                    static_cast<int32_t>(random.integer(1, 15)), random.integer(1, 6));
}

TEST_P(PixelGraph, AnyNumberOfColumns) {
    const Array<uint8_t> image = random.image(sized(19, 7), sized(23, 9));
    for (const int64_t columns : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 21, 24, 31, 32, 33, 48, 65}) {
        if (small_scale() && columns > 17) break;
        expect_spec(image, 4, columns);
    }
    expect_spec(image, 2, sized(171, 33));
}

TEST_P(PixelGraph, AConstantPicture) {
    for (const uint8_t level : std::vector<uint8_t>{0, 128, 255}) expect_spec(Array<uint8_t>({17, 21, 3}, level), 6, 2);
}

TEST_P(PixelGraph, NoiseWhereWeightsSpanManyPowersOfTen) {
    Array<uint8_t> image({sized(20, 10), sized(20, 10), 3});
    for (uint8_t& value : image.values) value = static_cast<uint8_t>(random.integer(90, 150));
    expect_spec(image, 6, 2);
    expect_spec(image, 3, 2, 0.1F);
}

TEST_P(PixelGraph, FloatPictures) {
    Array<float> image({15, 26, 3});
    const Array<uint8_t> bytes = random.image(15, 26);
    for (int64_t i = 0; i < image.size(); ++i) image(i) = static_cast<float>(bytes(i)) / 255.0F;
    expect_spec(image, 6, 3);
}

TEST_P(PixelGraph, OtherTaus) {
    const Array<uint8_t> image = random.image(16, 18);
    for (const float tau : {0.003F, 0.05F, 1.0F, 1e6F}) expect_spec(image, 5, 2, tau);
}

TEST_P(PixelGraph, PixelsFarFromAllOthersInColour) {
    // Black beside white is exp(-100), which float32 does not hold; yet S is 1 for two pixels alone, and a white pixel
    // among black ones leans on all of them alike.
    const auto white = [](Array<uint8_t>& image, int64_t y, int64_t x) {
        for (int64_t c = 0; c < 3; ++c) image(y, x, c) = 255;
    };
    Array<uint8_t> pair({1, 2, 3}), halves({12, 16, 3}), spot({15, 15, 3}), rim({9, 11, 3});
    white(pair, 0, 1);
    for (int64_t y = 0; y < 12; ++y)
        for (int64_t x = 8; x < 16; ++x) white(halves, y, x);
    white(spot, 7, 6);
    for (int64_t x = 0; x < 11; ++x) white(rim, 0, x);
    for (const auto& image : {pair, halves, spot, rim}) expect_spec(image, 6, 2);
}

TEST_P(PixelGraph, TheGraphHoldsHalfOfTheWeightsAtMost) {
    const Array<uint8_t> image = random.image(sized(120, 30), sized(160, 40));
    const lposs_pixel_graph_options options{sizeof options, 0.01F, 6, {}};
    const lposs_graph_info info = core.pixel_graph(image, options).info();
    const int64_t pixels = image.shape[0] * image.shape[1];
    const int64_t half_of_the_weights = pixels * (13 * 13 / 2) * 4;
    // Beside the weights there may be a few numbers for each pixel, and rows may be padded.
    EXPECT_LE(info.memory, half_of_the_weights * 5 / 4 + pixels * 64);
}

ON_ALL_DEVICES(PixelGraph);

} // namespace
