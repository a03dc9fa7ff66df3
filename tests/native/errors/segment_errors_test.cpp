#include "harness/tensor_errors.h"

#include <cmath>

namespace {

// An image of 20 x 32 with one window of 2 x 2 patches, 3 prompts of 2 classes.
struct SegmentErrors : testing::TestWithParam<TestDevice> {
    Context context{GetParam()};
    HostTensor<uint8_t> image{{20, 32, 3}, 100};
    HostTensor<int32_t> windows{Array<int32_t>({1, 4}, {0, 20, 0, 32})};
    HostTensor<float> vlm{{4, 5}, 1}, vm{{4, 6}, 1}, text{{3, 5}, 0.4F};
    HostTensor<int32_t> prompt_classes{Array<int32_t>({3}, {0, 1, 1})};
    HostTensor<uint8_t> labels{{7, 9}};
    HostTensor<float> confidence{{7, 9}}, scores{{7, 9, 2}};
    lposs_segment_inputs inputs;
    lposs_segment_options options;
    lposs_segment_outputs outputs;
    lposs_segment_report report;

    void SetUp() override {
        lposs_segment_inputs_init(&inputs);
        lposs_segment_options_init(&options);
        lposs_segment_outputs_init(&outputs);
        lposs_segment_report_init(&report);
        inputs.image = image;
        inputs.windows = windows;
        inputs.vlm = vlm;
        inputs.vm = vm;
        inputs.text = text;
        inputs.prompt_classes = prompt_classes;
        outputs.labels = labels;
        outputs.confidence = confidence;
        outputs.scores = scores;
    }

    lposs_status segment() { return lposs_image_segment(context, &inputs, &options, &outputs, &report); }

    /// Changes something, expects a refusal of both the call and its memory query, and changes it back.
    template <class Change>
    testing::AssertionResult refuses(Change change, std::initializer_list<std::string> words,
                                     lposs_status status = LPOSS_ERROR_INVALID_ARGUMENT) {
        change();
        auto result = refused(segment(), status, words);
        int64_t bytes = 0;
        if (result) {
            const auto query =
                refused(lposs_segment_get_memory(context, &inputs, &options, &outputs, &bytes), status, words);
            if (!query) result = testing::AssertionFailure() << "lposs_segment_get_memory: " << query.message();
        }
        SetUp();
        return result;
    }
};

TEST_P(SegmentErrors, EveryTensorIsChecked) {
    const auto call = [&] { return segment(); };
    expect_tensor_is_checked(inputs.windows, "inputs.windows", call);
    expect_tensor_is_checked(inputs.vlm, "inputs.vlm", call);
    expect_tensor_is_checked(inputs.vm, "inputs.vm", call);
    expect_tensor_is_checked(inputs.text, "inputs.text", call);
    expect_tensor_is_checked(inputs.image, "inputs.image", call);
    expect_tensor_is_checked(inputs.prompt_classes, "inputs.prompt_classes", call);
    expect_tensor_is_checked(outputs.labels, "outputs.labels", call);
    expect_tensor_is_checked(outputs.confidence, "outputs.confidence", call);
    expect_tensor_is_checked(outputs.scores, "outputs.scores", call);
    expect_finite_is_checked(vlm, "inputs.vlm", call);
    expect_finite_is_checked(vm, "inputs.vm", call);
    expect_finite_is_checked(text, "inputs.text", call);
}

TEST_P(SegmentErrors, NullPointersAndStructSizes) {
    EXPECT_TRUE(refused(lposs_image_segment(nullptr, &inputs, &options, &outputs, &report),
                        LPOSS_ERROR_INVALID_ARGUMENT, {"context", "NULL"}));
    EXPECT_TRUE(refused(lposs_image_segment(context, nullptr, &options, &outputs, &report),
                        LPOSS_ERROR_INVALID_ARGUMENT, {"inputs", "NULL"}));
    EXPECT_TRUE(refused(lposs_image_segment(context, &inputs, &options, nullptr, &report), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"outputs", "NULL"}));
    EXPECT_TRUE(succeeded(lposs_image_segment(context, &inputs, nullptr, &outputs, nullptr)));
    EXPECT_TRUE(refuses([&] { inputs.struct_size = 1; }, {"inputs", "size"}));
    EXPECT_TRUE(refuses([&] { outputs.struct_size = 1; }, {"outputs", "size"}));
    EXPECT_TRUE(refuses([&] { options.struct_size = 1; }, {"options", "size"}));
    EXPECT_TRUE(refuses([&] { options.patch_graph.struct_size = 1; }, {"options.patch_graph", "size"}));
    EXPECT_TRUE(refuses([&] { options.pixel_solver.struct_size = 1; }, {"options.pixel_solver", "size"}));
    report.struct_size = 1;
    EXPECT_TRUE(refused(segment(), LPOSS_ERROR_INVALID_ARGUMENT, {"report", "size"}));
    SetUp();
    report.pixel.struct_size = 1;
    EXPECT_TRUE(refused(segment(), LPOSS_ERROR_INVALID_ARGUMENT, {"report.pixel", "size"}));
    SetUp();
    EXPECT_TRUE(refused(lposs_segment_get_memory(context, &inputs, &options, &outputs, nullptr),
                        LPOSS_ERROR_INVALID_ARGUMENT, {"bytes", "NULL"}));
}

TEST_P(SegmentErrors, OptionsOutOfRange) {
    EXPECT_TRUE(refuses([&] { options.mode = 3; }, {"options.mode", "3"}));
    EXPECT_TRUE(refuses([&] { options.mode = -1; }, {"options.mode", "-1"}));
    EXPECT_TRUE(refuses([&] { options.patch_graph.k = 0; }, {"options.patch_graph.k", "0"}));
    EXPECT_TRUE(refuses([&] { options.pixel_graph.radius = 16; }, {"options.pixel_graph.radius", "16"}));
    EXPECT_TRUE(refuses([&] { options.patch_solver.alpha = 1; }, {"options.patch_solver.alpha", "1"}));
    EXPECT_TRUE(refuses([&] { options.pixel_solver.max_steps = 0; }, {"options.pixel_solver.max_steps", "0"}));
    EXPECT_TRUE(refuses([&] { inputs.patch_size = 0; }, {"inputs.patch_size", "0"}));
    EXPECT_TRUE(refuses([&] { inputs.patch_size = 257; }, {"inputs.patch_size", "257"}));
}

TEST_P(SegmentErrors, WindowsThatDoNotFitThePicture) {
    const auto with = [&](std::vector<int32_t> values, std::initializer_list<std::string> words) {
        const Array<int32_t> right = windows.array;
        std::copy(values.begin(), values.end(), windows.array.values.begin());
        const auto result = refuses([] {}, words);
        std::copy(right.values.begin(), right.values.end(), windows.array.values.begin());
        return result;
    };
    EXPECT_TRUE(with({0, 21, 0, 32}, {"inputs.windows", "row 0", "outside"}));
    EXPECT_TRUE(with({0, 19, 0, 32}, {"inputs.windows", "cover"}));
    EXPECT_TRUE(with({1, 20, 0, 32}, {"inputs.windows", "cover"}));
    EXPECT_TRUE(with({0, 20, 0, 31}, {"inputs.windows", "cover"}));
    EXPECT_TRUE(with({0, 20, 3, 32}, {"inputs.windows", "cover"}));
    EXPECT_TRUE(with({5, 5, 0, 32}, {"inputs.windows", "row 0"}));
    EXPECT_TRUE(with({-1, 20, 0, 32}, {"inputs.windows", "row 0", "-1"}));
    EXPECT_TRUE(with({0, 20, 0, 8}, {"inputs.vlm", "N = 2"})); // another number of patches
    EXPECT_TRUE(refuses([&] { inputs.windows.memory = LPOSS_MEMORY_CUDA; }, {"inputs.windows", "host"}));
}

TEST_P(SegmentErrors, WindowsWithAHoleInTheMiddle) {
    const HostTensor<int32_t> ring(Array<int32_t>({4, 4}, {0, 8, 0, 32, 12, 20, 0, 32, 0, 20, 0, 16, 0, 20, 20, 32}));
    const int64_t patches = 2 + 2 + 2 + 2;
    HostTensor<float> more_vlm({patches, 5}, 1), more_vm({patches, 6}, 1);
    EXPECT_TRUE(refuses(
        [&] {
            inputs.windows = ring;
            inputs.vlm = more_vlm;
            inputs.vm = more_vm;
        },
        {"inputs.windows", "cover", "(8, 16)"}));
}

TEST_P(SegmentErrors, PromptsWithoutClassesAndClassesWithoutPrompts) {
    const auto with = [&](std::vector<int32_t> values, std::initializer_list<std::string> words) {
        std::copy(values.begin(), values.end(), prompt_classes.array.values.begin());
        const auto result = refuses([] {}, words);
        prompt_classes.array.values = {0, 1, 1};
        prompt_classes.data = prompt_classes.array.values.data();
        return result;
    };
    EXPECT_TRUE(with({0, 1, -1}, {"inputs.prompt_classes", "prompt 2", "-1"}));
    EXPECT_TRUE(with({0, 1, 3}, {"inputs.prompt_classes", "prompt 2", "3"}));
    EXPECT_TRUE(with({0, 2, 2}, {"inputs.prompt_classes", "class 1"}));
    EXPECT_TRUE(with({1, 1, 1}, {"inputs.prompt_classes", "class 0"}));
}

TEST_P(SegmentErrors, WhatAModeNeedsMustBeThere) {
    EXPECT_TRUE(refuses([&] { lposs_tensor_init(&inputs.image); }, {"inputs.image", "not given"}));
    EXPECT_TRUE(refuses([&] { lposs_tensor_init(&inputs.vm); }, {"inputs.vm", "not given"}));
    EXPECT_TRUE(refuses([&] { lposs_tensor_init(&inputs.vlm); }, {"inputs.vlm", "not given"}));
    EXPECT_TRUE(refuses([&] { lposs_tensor_init(&inputs.text); }, {"inputs.text", "not given"}));
    EXPECT_TRUE(refuses([&] { lposs_tensor_init(&inputs.windows); }, {"inputs.windows", "not given"}));
    EXPECT_TRUE(refuses([&] { lposs_segment_outputs_init(&outputs); }, {"outputs", "labels", "scores"}));
}

TEST_P(SegmentErrors, ATensorThatTheModeDoesNotNeedIsCheckedAllTheSame) {
    options.mode = LPOSS_MODE_VLM;
    ASSERT_TRUE(succeeded(segment()));
    const auto change = [&](auto&& wrong) {
        return [&, wrong] {
            options.mode = LPOSS_MODE_VLM;
            wrong();
        };
    };
    EXPECT_TRUE(refuses(change([&] { inputs.vm.ndim = 7; }), {"inputs.vm", "ndim is 7"}));
    EXPECT_TRUE(refuses(change([&] { inputs.vm.shape[1] = INT64_MAX; }), {"inputs.vm"}));
    EXPECT_TRUE(refuses(change([&] { inputs.vm.data = nullptr; }), {"inputs.vm", "NULL"}));
    EXPECT_TRUE(refuses(change([&] { inputs.image.shape[0] = -4; }), {"inputs.image"}));
}

TEST_P(SegmentErrors, OutputsThatDisagree) {
    EXPECT_TRUE(refuses([&] { outputs.scores.shape[0] = 6; }, {"outputs.scores", "H' = 7"}));
    EXPECT_TRUE(refuses([&] { outputs.scores.shape[2] = 3; }, {"outputs.scores", "C = 2"}));
    EXPECT_TRUE(refuses([&] { outputs.confidence.shape[1] = 8; }, {"outputs.confidence", "W' = 9"}));
    EXPECT_TRUE(refuses([&] { outputs.labels.shape[0] = 0; }, {"outputs"}));
    outputs.confidence.data = outputs.scores.data;
    EXPECT_TRUE(refused(segment(), LPOSS_ERROR_INVALID_ARGUMENT, {"outputs.confidence", "overlaps"}));
    SetUp();
    outputs.scores.data = inputs.vlm.data;
    EXPECT_TRUE(refused(segment(), LPOSS_ERROR_INVALID_ARGUMENT, {"outputs.scores", "overlaps", "inputs.vlm"}));
}

TEST_P(SegmentErrors, LabelsTooSmallForTheClasses) {
    HostTensor<float> many({300, 5}, 0.1F);
    EXPECT_TRUE(refuses(
        [&] {
            inputs.text = many;
            lposs_tensor_init(&inputs.prompt_classes);
            lposs_tensor_init(&outputs.scores);
        },
        {"outputs.labels", "uint8", "256", "300"}));
}

TEST_P(SegmentErrors, FeaturesOfAnotherDimension) {
    EXPECT_TRUE(refuses([&] { inputs.text.shape[1] = 4; }, {"inputs.text", "[3,4]", "Dv = 5"}));
    EXPECT_TRUE(refuses([&] { inputs.vlm.shape[0] = 3; }, {"inputs.vlm", "[3,5]", "N = 4"}));
    EXPECT_TRUE(refuses([&] { inputs.vm.shape[0] = 5; }, {"inputs.vm", "[5,6]", "N = 4"}));
    EXPECT_TRUE(refuses([&] { inputs.text.shape[0] = 0; }, {"inputs.text"}));
}

TEST_P(SegmentErrors, SizesThatOverflowAreRefusedByTheQuery) {
    int64_t bytes = 0;
    const auto query = [&] { return lposs_segment_get_memory(context, &inputs, &options, &outputs, &bytes); };
    const auto expect = [&](const char* what) {
        EXPECT_NE(query(), LPOSS_OK) << what << " gave " << bytes << " bytes";
        EXPECT_STRNE(lposs_last_error(), "");
        SetUp();
    };
    inputs.vm.shape[1] = int64_t{1} << 60;
    expect("features of 2^60 dimensions");
    outputs.labels.shape[0] = outputs.confidence.shape[0] = outputs.scores.shape[0] = int64_t{1} << 62;
    expect("labels of 2^62 rows");
    lposs_tensor_init(&inputs.prompt_classes);
    lposs_tensor_init(&outputs.scores);
    outputs.labels.dtype = LPOSS_INT32;
    inputs.text.shape[0] = int64_t{1} << 58;
    expect("2^58 prompts");
}

TEST_P(SegmentErrors, AMemoryLimitThatIsTooSmallGivesBothNumbers) {
    lposs_context_options limited = context_options(GetParam());
    limited.memory_limit = 70000;
    context = Context(limited);
    int64_t bytes = 0;
    EXPECT_TRUE(refused(segment(), LPOSS_ERROR_MEMORY_LIMIT, {"memory_limit", "70000"}));
    EXPECT_TRUE(refused(lposs_segment_get_memory(context, &inputs, &options, &outputs, &bytes),
                        LPOSS_ERROR_MEMORY_LIMIT, {"memory_limit", "70000"}));
    // The other number is what it would take: with that as the limit it goes.
    const std::string sentence = lposs_last_error();
    const size_t at = sentence.find("at least ");
    ASSERT_NE(at, std::string::npos) << sentence;
    limited.memory_limit = std::stoll(sentence.substr(at + 9));
    EXPECT_GT(limited.memory_limit, 70000);
    context = Context(limited);
    EXPECT_TRUE(succeeded(segment()));
}

INSTANTIATE_TEST_SUITE_P(On, SegmentErrors, testing::ValuesIn(host_test_devices()), device_name);

} // namespace
