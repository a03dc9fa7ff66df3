// A graph cannot be looked into, so it is judged by what propagation over it gives.
#include "harness/device_test.h"
#include "spec/conjugate_gradient.h"
#include "spec/knn.h"
#include "spec/patch_graph.h"

namespace {

lposs_patch_graph_options options_with(int32_t k, float gamma = 3, float sigma = 0.01F, float power = 1,
                                       int32_t centre = 0) {
    return {sizeof(lposs_patch_graph_options), k, gamma, sigma, power, centre, {}};
}

class PatchGraph : public DeviceTest {
protected:
    static lposs_solver_options solver() {
        lposs_solver_options options;
        lposs_solver_options_init(&options);
        return options;
    }

    Array<float> centres(int64_t n) {
        Array<float> places({n, 2});
        for (float& value : places.values) value = static_cast<float>(8 + 16 * random.integer(0, 20));
        return places;
    }

    // Features whose k nearest neighbours are no matter of rounding.
    Array<float> decided_features(int64_t n, int64_t d, const lposs_patch_graph_options& options) {
        for (;;) {
            Array<float> features = random.features(n, d);
            if (decided(features, options)) return features;
        }
    }
    static bool decided(const Array<float>& features, const lposs_patch_graph_options& options) {
        return spec::smallest_gap(spec::graph_features(cast<double>(features), options), options.k) >
               tolerance::neighbour_gap;
    }

    void expect_spec(const Array<float>& features, const lposs_patch_graph_options& options, int64_t columns = 3) {
        const int64_t n = features.shape[0];
        const Array<float> places = centres(n), y = random.array({n, columns});
        const spec::Graph w = spec::patch_graph(cast<double>(features), cast<double>(places), options);
        const Graph graph = core.patch_graph(features, places, options);
        EXPECT_EQ(graph.info().node_count, n);
        EXPECT_EQ(graph.info().device, GetParam().device);
        EXPECT_TRUE(close(core.propagate(graph, y, solver()).x, spec::propagate(w, cast<double>(y), solver()).x,
                          tolerance::graph_and_solve));
    }
};

TEST_P(PatchGraph, EqualsTheSpecOnAnyShape) {
    const std::vector<std::vector<int64_t>> shapes = {{1, 1, 1},
                                                      {1, 16, 400},
                                                      {2, 3, 1},
                                                      {3, 5, 2},
                                                      {60, 1, 60},
                                                      {64, 64, 16},
                                                      {37, 24, 400},
                                                      {sized(150, 40), sized(192, 32), 40},
                                                      {sized(257, 50), 33, 25}};
    for (const auto& s : shapes) {
        const auto options = options_with(static_cast<int32_t>(s[2]));
        FOR_SHAPE(s[0], s[1], s[2]);
        expect_spec(decided_features(s[0], s[1], options), options);
    }
    for (int64_t round = 0; round < sized(8, 2); ++round) {
        const int64_t n = random.integer(1, sized(120, 40)), d = random.integer(2, 60);
        const auto options = options_with(static_cast<int32_t>(random.integer(1, n + 5)));
        FOR_SHAPE(n, d, options.k);
        expect_spec(decided_features(n, d, options), options);
    }
}

TEST_P(PatchGraph, ManyPatches) {
    // Among so many, some neighbours are as near as rounding tells apart, so the project's own bound is what holds.
    const int64_t n = sized(1100, 60);
    const auto options = options_with(static_cast<int32_t>(sized(400, 20)));
    const Array<float> features = random.features(n, 32), places = centres(n), y = random.array({n, 2});
    const spec::Graph w = spec::patch_graph(cast<double>(features), cast<double>(places), options);
    EXPECT_TRUE(close(core.propagate(core.patch_graph(features, places, options), y, solver()).x,
                      spec::propagate(w, cast<double>(y), solver()).x, tolerance::scores));
}

TEST_P(PatchGraph, EveryParameterIsTheSpecs) {
    const lposs_patch_graph_options all[] = {options_with(20, 1),
                                             options_with(20, 8, 0.03F),
                                             options_with(20, 0.5F, 0.001F),
                                             options_with(20, 3, 0),
                                             options_with(20, 3, 1e-4F, 2),
                                             options_with(20, 3, 0.1F, 0.5F),
                                             options_with(20, 3, .01F, 1, 1),
                                             options_with(50, 8, 0.03F, 1, 1)};
    for (const auto& options : all) {
        SCOPED_TRACE(testing::Message() << "gamma " << options.gamma << ", sigma " << options.sigma << ", power "
                                        << options.distance_power << ", centre " << options.centre);
        expect_spec(decided_features(70, 24, options), options);
    }
}

TEST_P(PatchGraph, OfEqualFeaturesTheLowerIndicesAreNeighbours) {
    const auto options = options_with(9);
    Array<float> features;
    do { // copies tie exactly; all else is decided
        features = random.features(60, 20);
        for (int64_t i = 1; i < 60; i += 2)
            for (int64_t d = 0; d < 20; ++d) features(i, d) = features(i / 4, d);
    } while (!decided(features, options));
    expect_spec(features, options);
    expect_spec(Array<float>({40, 8}, 0.5F), options);
}

TEST_P(PatchGraph, WithOneNeighbourNobodyHasEdges) {
    // Each point is its own nearest, so W is empty and propagation changes nothing.
    const Array<float> features = random.features(30, 16), y = random.array({30, 4});
    const Graph graph = core.patch_graph(features, centres(30), options_with(1));
    EXPECT_EQ(graph.info().edge_count, 0);
    EXPECT_TRUE(same_bits(core.propagate(graph, y, solver()).x, y));
}

TEST_P(PatchGraph, EdgesAreCountedInBothDirections) {
    const auto options = options_with(10, 1);
    const Array<float> features = decided_features(50, 30, options), places = centres(50);
    const spec::Graph w = spec::patch_graph(cast<double>(features), cast<double>(places), options);
    EXPECT_EQ(core.patch_graph(features, places, options).info().edge_count, w.edge_count());
}

TEST_P(PatchGraph, ZeroRowsHaveNoEdges) {
    const auto options = options_with(40);
    Array<float> features = random.features(40, 12);
    for (const int64_t i : {0, 17, 39})
        for (int64_t d = 0; d < 12; ++d) features(i, d) = 0;
    expect_spec(features, options);
    expect_spec(Array<float>({5, 3}), options);
}

TEST_P(PatchGraph, TheLengthOfAFeatureDoesNotMatter) {
    const auto options = options_with(12);
    const Array<float> features = decided_features(45, 16, options);
    for (const float scale : {1e-30F, 1e-20F, 1e20F, 1e30F}) {
        SCOPED_TRACE(scale);
        Array<float> scaled = features;
        for (float& value : scaled.values) value *= scale;
        expect_spec(scaled, options);
    }
}

ON_ALL_DEVICES(PatchGraph);

} // namespace
