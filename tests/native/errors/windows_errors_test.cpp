#include "harness/tensor_errors.h"

#include <cmath>

namespace {

TEST(WindowsErrors, SizesOutOfRange) {
    int64_t count = 0;
    EXPECT_TRUE(refused(lposs_windows_count(0, 5, 5, 5, &count), LPOSS_ERROR_INVALID_ARGUMENT, {"height", "0"}));
    EXPECT_TRUE(refused(lposs_windows_count(5, -1, 5, 5, &count), LPOSS_ERROR_INVALID_ARGUMENT, {"width", "-1"}));
    EXPECT_TRUE(refused(lposs_windows_count(5, 5, 0, 5, &count), LPOSS_ERROR_INVALID_ARGUMENT, {"window", "0"}));
    EXPECT_TRUE(refused(lposs_windows_count(5, 5, 5, 0, &count), LPOSS_ERROR_INVALID_ARGUMENT, {"stride", "0"}));
    EXPECT_TRUE(refused(lposs_windows_count(INT64_MAX, 5, 5, 5, &count), LPOSS_ERROR_INVALID_ARGUMENT, {"height"}));
    EXPECT_TRUE(refused(lposs_windows_count(5, 5, INT64_MAX, 5, &count), LPOSS_ERROR_INVALID_ARGUMENT, {"window"}));
    EXPECT_TRUE(refused(lposs_windows_count(5, 5, 5, 5, nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"count", "NULL"}));
}

TEST(WindowsErrors, TensorOfAnotherShape) {
    HostTensor<int32_t> windows({4, 4});
    const auto call = [&] { return lposs_windows_fill(8, 8, 4, 4, &windows); };
    expect_tensor_is_checked(windows, "windows", call);
    windows.shape[0] = 3;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"windows", "[3,4]", "count = 4"}));
    EXPECT_TRUE(refused(lposs_windows_fill(8, 8, 4, 4, nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"windows", "NULL"}));
    windows.shape[0] = 4;
    windows.memory = LPOSS_MEMORY_CUDA;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"windows", "host"}));
}

TEST(WindowsErrors, PatchCountAndCentres) {
    HostTensor<int32_t> windows(Array<int32_t>({2, 4}, {0, 20, 0, 33, 4, 9, 1, 2}));
    HostTensor<float> centres({7, 2});
    int64_t count = 0;
    const auto number = [&] { return lposs_patches_count(&windows, 16, &count); };
    const auto places = [&] { return lposs_patches_get_centres(&windows, 16, &centres); };
    expect_tensor_is_checked(windows, "windows", number);
    expect_tensor_is_checked(windows, "windows", places);
    expect_tensor_is_checked(centres, "centres", places);
    EXPECT_EQ(count, 7);
    EXPECT_TRUE(refused(lposs_patches_count(&windows, 0, &count), LPOSS_ERROR_INVALID_ARGUMENT, {"patch_size", "0"}));
    EXPECT_TRUE(refused(lposs_patches_get_centres(&windows, 257, &centres), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"patch_size", "257"}));
    EXPECT_TRUE(refused(lposs_patches_count(&windows, 16, nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"count", "NULL"}));
    EXPECT_TRUE(refused(lposs_patches_count(nullptr, 16, &count), LPOSS_ERROR_INVALID_ARGUMENT, {"windows", "NULL"}));
    for (const std::vector<int32_t>& wrong :
         {std::vector<int32_t>{-1, 3, 0, 3}, {3, 3, 0, 3}, {0, 3, 5, 4}, {0, 3, -2, 4}}) {
        std::copy(wrong.begin(), wrong.end(), windows.array.values.begin() + 4);
        EXPECT_TRUE(refused(number(), LPOSS_ERROR_INVALID_ARGUMENT, {"windows", "row 1", "y1 < y2"}));
    }
    const int32_t huge[] = {0, 1 << 30, 0, 1 << 30};
    std::copy(huge, huge + 4, windows.array.values.begin() + 4);
    EXPECT_TRUE(
        refused(lposs_patches_count(&windows, 1, &count), LPOSS_ERROR_INVALID_ARGUMENT, {"windows", "patches"}));
}

TEST(WindowsErrors, CutWindows) {
    const Context context(host_test_devices().front());
    HostTensor<uint8_t> image({10, 12, 3});
    HostTensor<int32_t> windows(Array<int32_t>({2, 4}, {0, 8, 0, 9, 2, 10, 3, 12}));
    HostTensor<float> batch({2, 3, 8, 9});
    float mean[] = {0.5F, 0.5F, 0.5F}, std[] = {0.2F, 0.2F, 0.2F};
    const auto call = [&] { return lposs_windows_cut(context, &image, &windows, mean, std, &batch); };
    expect_tensor_is_checked(image, "image", call);
    expect_tensor_is_checked(windows, "windows", call);
    expect_tensor_is_checked(batch, "batch", call);
    EXPECT_TRUE(refused(lposs_windows_cut(nullptr, &image, &windows, mean, std, &batch), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"context", "NULL"}));
    EXPECT_TRUE(refused(lposs_windows_cut(context, &image, &windows, nullptr, std, &batch),
                        LPOSS_ERROR_INVALID_ARGUMENT, {"mean", "NULL"}));
    EXPECT_TRUE(refused(lposs_windows_cut(context, &image, &windows, mean, nullptr, &batch),
                        LPOSS_ERROR_INVALID_ARGUMENT, {"std", "NULL"}));
    for (const float wrong : {0.0F, -1.0F, NAN, INFINITY}) {
        std[1] = wrong;
        EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"std", "channel 1"}));
        std[1] = 0.2F;
    }
    mean[2] = NAN;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"mean", "channel 2"}));
    mean[2] = 0.5F;
    windows.array(1, 1) = 11;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"windows", "row 1", "outside"}));
    windows.array(1, 1) = 10;
    windows.array(1, 0) = 1;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"batch", "window 1", "fit"}));
}

} // namespace
