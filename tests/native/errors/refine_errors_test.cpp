#include "harness/tensor_errors.h"

namespace {

struct RefineErrors : testing::TestWithParam<TestDevice> {
    Context context{GetParam()};
    HostTensor<uint8_t> image{{6, 8, 3}, 100};
    HostTensor<float> scores{{3, 4, 2}, 1};
    HostTensor<uint8_t> coarse{{3, 4}, 1};
    HostTensor<uint8_t> labels{{7, 9}};
    HostTensor<float> sharp{{7, 9, 2}};
    lposs_refine_inputs inputs;
    lposs_refine_options options;
    lposs_segment_outputs outputs;

    void SetUp() override {
        lposs_refine_inputs_init(&inputs);
        lposs_refine_options_init(&options);
        lposs_segment_outputs_init(&outputs);
        inputs.image = image;
        inputs.scores = scores;
        outputs.labels = labels;
        outputs.scores = sharp;
    }
    void take_labels() {
        lposs_tensor_init(&inputs.scores);
        inputs.labels = coarse;
        inputs.classes = 2;
    }

    lposs_status refine() { return lposs_image_refine(context, &inputs, &options, &outputs, nullptr); }

    template <class Change>
    testing::AssertionResult refuses(Change change, std::initializer_list<std::string> words) {
        change();
        int64_t bytes = 0;
        auto result = refused(refine(), LPOSS_ERROR_INVALID_ARGUMENT, words);
        if (result)
            result = refused(lposs_refine_get_memory(context, &inputs, &options, &outputs, &bytes),
                             LPOSS_ERROR_INVALID_ARGUMENT, words);
        SetUp();
        return result;
    }
};

TEST_P(RefineErrors, EveryTensorIsChecked) {
    const auto call = [&] { return refine(); };
    expect_tensor_is_checked(inputs.image, "inputs.image", call);
    expect_tensor_is_checked(inputs.scores, "inputs", call);
    expect_tensor_is_checked(outputs.labels, "outputs.labels", call);
    expect_tensor_is_checked(outputs.scores, "outputs.scores", call);
    expect_finite_is_checked(scores, "inputs.scores", call, true);
    take_labels();
    expect_tensor_is_checked(inputs.labels, "inputs", call);
}

TEST_P(RefineErrors, NullPointersAndStructSizes) {
    EXPECT_TRUE(refused(lposs_image_refine(nullptr, &inputs, &options, &outputs, nullptr), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"context", "NULL"}));
    EXPECT_TRUE(refused(lposs_image_refine(context, nullptr, &options, &outputs, nullptr), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"inputs", "NULL"}));
    EXPECT_TRUE(refused(lposs_image_refine(context, &inputs, &options, nullptr, nullptr), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"outputs", "NULL"}));
    EXPECT_TRUE(refused(lposs_refine_get_memory(context, &inputs, &options, &outputs, nullptr),
                        LPOSS_ERROR_INVALID_ARGUMENT, {"bytes", "NULL"}));
    EXPECT_TRUE(refuses([&] { inputs.struct_size = 1; }, {"inputs", "size"}));
    EXPECT_TRUE(refuses([&] { outputs.struct_size = 1; }, {"outputs", "size"}));
    EXPECT_TRUE(refuses([&] { options.struct_size = 1; }, {"options", "size"}));
    EXPECT_TRUE(refuses([&] { options.graph.struct_size = 1; }, {"options.graph", "size"}));
    EXPECT_TRUE(refuses([&] { options.solver.struct_size = 1; }, {"options.solver", "size"}));
    lposs_segment_report report;
    lposs_segment_report_init(&report);
    report.struct_size = 2;
    EXPECT_TRUE(refused(lposs_image_refine(context, &inputs, &options, &outputs, &report), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"report", "size"}));
}

TEST_P(RefineErrors, OptionsOutOfRange) {
    EXPECT_TRUE(refuses([&] { options.graph.radius = 16; }, {"options.graph.radius", "16"}));
    EXPECT_TRUE(refuses([&] { options.graph.tau = 0; }, {"options.graph.tau", "above 0"}));
    EXPECT_TRUE(refuses([&] { options.solver.alpha = 1; }, {"options.solver.alpha", "1"}));
}

TEST_P(RefineErrors, ExactlyOneSource) {
    EXPECT_TRUE(refuses([&] { lposs_tensor_init(&inputs.scores); }, {"inputs", "neither scores nor labels"}));
    EXPECT_TRUE(refuses([&] { inputs.labels = coarse; }, {"inputs", "scores and labels"}));
    EXPECT_TRUE(refuses([&] { lposs_segment_outputs_init(&outputs); }, {"outputs", "labels", "scores"}));
    EXPECT_TRUE(refuses([&] { outputs.scores.shape[2] = 3; }, {"outputs.scores", "C = 2"}));
}

TEST_P(RefineErrors, SourcesOnADeviceThatTheContextIsNotOn) {
    if (GetParam().device != LPOSS_DEVICE_CPU) GTEST_SKIP() << "is about CPU contexts";
    EXPECT_TRUE(refuses([&] { inputs.scores.memory = LPOSS_MEMORY_CUDA; }, {"inputs.scores", "CUDA memory"}));
    lposs_tensor far = coarse;
    far.memory = LPOSS_MEMORY_CUDA;
    EXPECT_TRUE(refuses(
        [&] {
            take_labels();
            inputs.labels = far;
        },
        {"inputs.labels", "CUDA memory"}));
}

TEST_P(RefineErrors, LabelsWithoutAClass) {
    take_labels();
    ASSERT_TRUE(succeeded(refine()));
    coarse.array(1, 2) = 2;
    EXPECT_TRUE(refused(refine(), LPOSS_ERROR_INVALID_ARGUMENT, {"inputs.labels", "(1, 2)", "2", "255"}));
    coarse.array(1, 2) = 255;
    EXPECT_TRUE(succeeded(refine()));
    for (const int32_t wrong : {0, -1}) {
        inputs.classes = wrong;
        EXPECT_TRUE(refused(refine(), LPOSS_ERROR_INVALID_ARGUMENT, {"inputs.classes", std::to_string(wrong)}));
    }
}

TEST_P(RefineErrors, OutputsOverInputs) {
    outputs.scores.data = inputs.image.data;
    outputs.scores.shape[0] = outputs.scores.shape[1] = 1;
    lposs_tensor_init(&outputs.labels);
    EXPECT_TRUE(refused(refine(), LPOSS_ERROR_INVALID_ARGUMENT, {"outputs.scores", "overlaps"}));
}

INSTANTIATE_TEST_SUITE_P(On, RefineErrors, testing::ValuesIn(host_test_devices()), device_name);

} // namespace
