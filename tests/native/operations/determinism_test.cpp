// The same bits for any number of threads, and on every run.
#include "harness/csr.h"
#include "harness/device_test.h"
#include "spec/windows.h"

#include <functional>

namespace {

using Results = std::vector<Array<float>>;

class Determinism : public testing::TestWithParam<TestDevice> {
protected:
    Random random;

    // Sizes above one task of each operation, so that threads have something to share out.
    void expect_same_bits(const std::function<Results(const Core&)>& run) {
        const Results expected = run(Core(GetParam(), 1));
        for (const Array<float>& values : expected) ASSERT_TRUE(close(values, cast<double>(values), 0)); // finite
        for (const int32_t threads : {1, 2, 3, 8}) {
            SCOPED_TRACE(testing::Message() << threads << " threads");
            const Core core(GetParam(), threads);
            for (int repeat = 0; repeat < 2; ++repeat) {
                const Results found = run(core);
                ASSERT_EQ(found.size(), expected.size());
                for (size_t i = 0; i < found.size(); ++i)
                    ASSERT_TRUE(same_bits(found[i], expected[i])) << "result " << i;
            }
        }
    }
};

lposs_solver_options solver() {
    lposs_solver_options options;
    lposs_solver_options_init(&options);
    return options;
}

TEST_P(Determinism, SimilarityAndKnn) {
    const Array<float> features = random.features(sized(400, 60), 70), text = random.unit_rows(21, 70);
    expect_same_bits([&](const Core& core) {
        const KnnResult nearest = core.knn(features, 25);
        return Results{core.similarity(features, text), nearest.similarities, cast<float>(nearest.indices)};
    });
}

TEST_P(Determinism, PatchGraphAndItsSolve) {
    const int64_t n = sized(500, 60);
    const Array<float> features = random.features(n, 48), y = random.array({n, 21});
    Array<float> centres({n, 2});
    for (float& value : centres.values) value = static_cast<float>(16 * random.integer(0, 30));
    lposs_patch_graph_options options;
    lposs_patch_graph_options_init(&options);
    options.k = 40;
    expect_same_bits([&](const Core& core) {
        return Results{core.propagate(core.patch_graph(features, centres, options), y, solver()).x};
    });
}

TEST_P(Determinism, PixelGraphAndItsSolve) {
    const Array<uint8_t> image = random.image(sized(90, 14), sized(110, 18));
    const Array<float> y = random.array({image.shape[0] * image.shape[1], 21});
    lposs_pixel_graph_options options;
    lposs_pixel_graph_options_init(&options);
    expect_same_bits(
        [&](const Core& core) { return Results{core.propagate(core.pixel_graph(image, options), y, solver()).x}; });
}

TEST_P(Determinism, CsrGraphAndItsSolve) {
    const Csr csr = random_csr(random, sized(3000, 100), 12, 2, true);
    const Array<float> y = random.array({csr.row_offsets.size() - 1, 21});
    expect_same_bits([&](const Core& core) {
        return Results{core.propagate(core.csr_graph(csr.row_offsets, csr.columns, csr.weights), y, solver()).x};
    });
}

TEST_P(Determinism, SmallOperations) {
    const Array<uint8_t> image = random.image(sized(97, 20), sized(130, 30));
    const int64_t height = image.shape[0], width = image.shape[1];
    const Array<int32_t> windows = windows_of(height, width, 48, 24);
    const Array<float> patches = random.array({spec::patch_count(windows, 16), 9});
    const Array<float> scores = random.array({height, width, 9});
    const std::vector<int32_t> class_of = random.prompt_classes(9, 5);
    const float mean[] = {0.4F, 0.5F, 0.6F}, std[] = {0.2F, 0.3F, 0.4F};
    expect_same_bits([&](const Core& core) {
        const Array<float> flat = scores.reshaped({height * width, 9});
        const LabelResult labels = core.argmax(flat);
        return Results{core.rgb_to_lab(image),
                       core.stitch(patches, windows, 16, height, width),
                       core.resize(scores, height + 31, width - 7),
                       cast<float>(core.resize(image, height / 2, width * 2)),
                       core.merge_prompts(flat, class_of, 5),
                       cast<float>(labels.labels),
                       labels.confidence,
                       core.cut_windows(image, windows, mean, std, 48, 50)};
    });
}

TEST_P(Determinism, Segment) {
    SegmentCall call;
    call.image = random.image(sized(100, 32), sized(120, 40));
    call.windows = windows_of(call.image->shape[0], call.image->shape[1], 48, 24);
    const int64_t n = spec::patch_count(call.windows, 16);
    call.vlm = random.features(n, 32);
    call.vm = random.features(n, 40);
    call.text = random.unit_rows(23, 32);
    call.prompt_classes = random.prompt_classes(23, 21);
    call.classes = 21;
    call.height = call.image->shape[0] + 30;
    call.width = call.image->shape[1] + 41;
    call.options.patch_graph.k = 40;
    expect_same_bits([&](const Core& core) {
        const SegmentResult result = core.segment(call);
        return Results{result.scores, result.confidence, cast<float>(result.labels)};
    });
}

INSTANTIATE_TEST_SUITE_P(On, Determinism, testing::ValuesIn(host_test_devices()), device_name);

} // namespace
