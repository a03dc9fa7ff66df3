#include "harness/tensor_errors.h"

namespace {

struct BuildingBlockErrors : testing::TestWithParam<TestDevice> {
    Context context{GetParam()};

    // Every function of a context refuses to work without one, and with a NULL tensor.
    static void expect_null_is_checked(const char* name, lposs_status status) {
        EXPECT_TRUE(refused(status, LPOSS_ERROR_INVALID_ARGUMENT, {name, "NULL"}));
    }
};

TEST_P(BuildingBlockErrors, Similarity) {
    HostTensor<float> features({3, 4}, 1), text({2, 4}, 1), scores({3, 2});
    const auto call = [&] { return lposs_similarity_compute(context, &features, &text, &scores); };
    expect_tensor_is_checked(features, "features", call);
    expect_tensor_is_checked(text, "text", call);
    expect_tensor_is_checked(scores, "scores", call);
    expect_finite_is_checked(features, "features", call);
    expect_finite_is_checked(text, "text", call);
    expect_null_is_checked("context", lposs_similarity_compute(nullptr, &features, &text, &scores));
    expect_null_is_checked("features", lposs_similarity_compute(context, nullptr, &text, &scores));
    expect_null_is_checked("text", lposs_similarity_compute(context, &features, nullptr, &scores));
    expect_null_is_checked("scores", lposs_similarity_compute(context, &features, &text, nullptr));
    text.shape[1] = 3;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"text", "[2,3]", "D = 4"}));
    text.shape[1] = 4;
    scores.data = features.data;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"scores", "features"}));
}

TEST_P(BuildingBlockErrors, Knn) {
    HostTensor<float> features({5, 3}, 1), similarities({5, 2});
    HostTensor<int32_t> indices({5, 2});
    const auto call = [&] { return lposs_knn_search(context, &features, &similarities, &indices); };
    expect_tensor_is_checked(features, "features", call);
    expect_tensor_is_checked(similarities, "similarities", call);
    expect_tensor_is_checked(indices, "indices", call);
    expect_finite_is_checked(features, "features", call);
    expect_null_is_checked("context", lposs_knn_search(nullptr, &features, &similarities, &indices));
    expect_null_is_checked("features", lposs_knn_search(context, nullptr, &similarities, &indices));
    expect_null_is_checked("similarities", lposs_knn_search(context, &features, nullptr, &indices));
    expect_null_is_checked("indices", lposs_knn_search(context, &features, &similarities, nullptr));
    HostTensor<float> wide({5, 6});
    HostTensor<int32_t> wide_indices({5, 6});
    EXPECT_TRUE(refused(lposs_knn_search(context, &features, &wide, &wide_indices), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"k", "6", "5"}));
    similarities.shape[1] = indices.shape[1] = 0;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"similarities", "k"}));
}

TEST_P(BuildingBlockErrors, Stitch) {
    HostTensor<float> patches({4, 2}, 1), scores({20, 32, 2});
    HostTensor<int32_t> windows(Array<int32_t>({1, 4}, {0, 20, 0, 32}));
    int32_t patch = 16;
    const auto call = [&] { return lposs_windows_stitch(context, &patches, &windows, patch, &scores); };
    expect_tensor_is_checked(patches, "patch_scores", call);
    expect_tensor_is_checked(windows, "windows", call);
    expect_tensor_is_checked(scores, "scores", call);
    expect_finite_is_checked(patches, "patch_scores", call);
    expect_null_is_checked("context", lposs_windows_stitch(nullptr, &patches, &windows, patch, &scores));
    expect_null_is_checked("patch_scores", lposs_windows_stitch(context, nullptr, &windows, patch, &scores));
    expect_null_is_checked("windows", lposs_windows_stitch(context, &patches, nullptr, patch, &scores));
    expect_null_is_checked("scores", lposs_windows_stitch(context, &patches, &windows, patch, nullptr));
    for (const int32_t wrong : {0, -16, 257}) {
        patch = wrong;
        EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"patch_size", std::to_string(wrong)}));
    }
    patch = 8; // then there would be 12 patches
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"patch_scores", "N = 12"}));
    patch = 16;
    scores.shape[0] = 21;
    scores.array.values.resize(21 * 32 * 2);
    scores.data = scores.array.values.data();
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"windows", "cover"}));
    scores.shape[0] = 19;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"windows", "outside"}));
}

TEST_P(BuildingBlockErrors, Resize) {
    HostTensor<float> input({3, 4, 2}, 1), output({5, 6, 2});
    const auto call = [&] { return lposs_image_resize(context, &input, &output); };
    expect_tensor_is_checked(input, "input", call);
    expect_tensor_is_checked(output, "output", call);
    expect_finite_is_checked(input, "input", call);
    expect_null_is_checked("context", lposs_image_resize(nullptr, &input, &output));
    expect_null_is_checked("input", lposs_image_resize(context, nullptr, &output));
    expect_null_is_checked("output", lposs_image_resize(context, &input, nullptr));
    output.shape[2] = 1;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"output", "C = 2"}));
    output.shape[2] = 2;
    output.dtype = LPOSS_UINT8;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"output", "float32"}));
    output.dtype = LPOSS_FLOAT32;
    for (const int dimension : {0, 1}) {
        output.shape[dimension] = 0;
        EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"output"}));
        output.shape[dimension] = 5;
    }
    output.data = static_cast<float*>(input.data) + 1;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"output", "overlaps", "input"}));
}

TEST_P(BuildingBlockErrors, MergePrompts) {
    HostTensor<float> scores({3, 4}, 1), output({3, 2});
    HostTensor<int32_t> classes(Array<int32_t>({4}, {1, 0, 1, 0}));
    const auto call = [&] { return lposs_scores_merge_prompts(context, &scores, &classes, &output); };
    expect_tensor_is_checked(scores, "scores", call);
    expect_tensor_is_checked(classes, "prompt_classes", call);
    expect_tensor_is_checked(output, "output", call);
    expect_finite_is_checked(scores, "scores", call);
    expect_null_is_checked("context", lposs_scores_merge_prompts(nullptr, &scores, &classes, &output));
    expect_null_is_checked("scores", lposs_scores_merge_prompts(context, nullptr, &classes, &output));
    expect_null_is_checked("prompt_classes", lposs_scores_merge_prompts(context, &scores, nullptr, &output));
    expect_null_is_checked("output", lposs_scores_merge_prompts(context, &scores, &classes, nullptr));
    const auto with = [&](std::vector<int32_t> values) {
        std::copy(values.begin(), values.end(), classes.array.values.begin());
        return call();
    };
    EXPECT_TRUE(refused(with({0, 0, -1, 1}), LPOSS_ERROR_INVALID_ARGUMENT, {"prompt_classes", "prompt 2", "-1"}));
    EXPECT_TRUE(refused(with({0, 0, 9, 1}), LPOSS_ERROR_INVALID_ARGUMENT, {"prompt_classes", "prompt 2", "9"}));
    EXPECT_TRUE(refused(with({0, 0, 2, 2}), LPOSS_ERROR_INVALID_ARGUMENT, {"prompt_classes", "class 1"}));
    EXPECT_TRUE(refused(with({0, 1, 2, 2}), LPOSS_ERROR_INVALID_ARGUMENT, {"output", "C = 3"}));
}

TEST_P(BuildingBlockErrors, Argmax) {
    HostTensor<float> scores({3, 4}, 1), confidence({3});
    HostTensor<uint8_t> labels({3});
    const auto call = [&] { return lposs_scores_argmax(context, &scores, &labels, &confidence); };
    expect_tensor_is_checked(scores, "scores", call);
    expect_tensor_is_checked(labels, "labels", call);
    expect_tensor_is_checked(confidence, "confidence", call);
    expect_finite_is_checked(scores, "scores", call);
    expect_null_is_checked("context", lposs_scores_argmax(nullptr, &scores, &labels, &confidence));
    expect_null_is_checked("scores", lposs_scores_argmax(context, nullptr, &labels, &confidence));
    expect_null_is_checked("labels", lposs_scores_argmax(context, &scores, nullptr, &confidence));
    HostTensor<float> many({3, 257}), too_many({1, 65537});
    EXPECT_TRUE(refused(lposs_scores_argmax(context, &many, &labels, nullptr), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"labels", "uint8", "256", "257"}));
    HostTensor<uint16_t> words({1});
    EXPECT_TRUE(refused(lposs_scores_argmax(context, &too_many, &words, nullptr), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"labels", "uint16", "65536", "65537"}));
    HostTensor<float> around({3});
    lposs_tensor shared = around;
    shared.dtype = LPOSS_INT32;
    EXPECT_TRUE(refused(lposs_scores_argmax(context, &scores, &shared, &around), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"confidence", "overlaps", "labels"}));
    HostTensor<float> none({3, 0});
    EXPECT_TRUE(
        refused(lposs_scores_argmax(context, &none, &labels, nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"scores"}));
}

TEST_P(BuildingBlockErrors, RgbToLab) {
    HostTensor<float> image({2, 3, 3}, 0.5F), lab({2, 3, 3});
    const auto call = [&] { return lposs_image_convert_to_lab(context, &image, &lab); };
    expect_tensor_is_checked(image, "image", call);
    expect_tensor_is_checked(lab, "lab", call);
    expect_finite_is_checked(image, "image", call);
    expect_null_is_checked("context", lposs_image_convert_to_lab(nullptr, &image, &lab));
    expect_null_is_checked("image", lposs_image_convert_to_lab(context, nullptr, &lab));
    expect_null_is_checked("lab", lposs_image_convert_to_lab(context, &image, nullptr));
    for (const float wrong : {-0.001F, 1.001F, 255.0F}) {
        image.array(7) = wrong;
        EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"image", "0 to 1"}));
    }
    image.array(7) = 0;
    image.shape[2] = 4;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"image", "3"}));
}

TEST_P(BuildingBlockErrors, Copy) {
    HostTensor<float> source({2, 3}, 1), target({2, 3});
    const auto call = [&] { return lposs_tensor_copy(context, &source, &target); };
    ASSERT_TRUE(succeeded(call()));
    EXPECT_TRUE(same_bits(target.array, source.array));
    expect_null_is_checked("context", lposs_tensor_copy(nullptr, &source, &target));
    expect_null_is_checked("source", lposs_tensor_copy(context, nullptr, &target));
    expect_null_is_checked("target", lposs_tensor_copy(context, &source, nullptr));
    target.shape[0] = 3;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"target", "[3,3]", "[2,3]"}));
    target.shape[0] = 2;
    target.dtype = LPOSS_INT32;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"target", "int32", "float32"}));
    target.dtype = LPOSS_FLOAT32;
    target.data = nullptr;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"target", "NULL"}));
    target.data = static_cast<float*>(source.data) + 1;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"target", "overlaps"}));
}

TEST_P(BuildingBlockErrors, CudaMemoryOnTheCpu) {
    if (GetParam().device != LPOSS_DEVICE_CPU) GTEST_SKIP() << "is about CPU contexts";
    HostTensor<float> input({3, 4, 2}, 1), output({5, 6, 2});
    input.memory = LPOSS_MEMORY_CUDA;
    EXPECT_TRUE(refused(lposs_image_resize(context, &input, &output), LPOSS_ERROR_INVALID_ARGUMENT, {"input", "CUDA"}));
    input.memory = LPOSS_MEMORY_HOST;
    output.memory = LPOSS_MEMORY_CUDA;
    EXPECT_TRUE(
        refused(lposs_image_resize(context, &input, &output), LPOSS_ERROR_INVALID_ARGUMENT, {"output", "CUDA"}));
}

INSTANTIATE_TEST_SUITE_P(On, BuildingBlockErrors, testing::ValuesIn(host_test_devices()), device_name);

} // namespace
