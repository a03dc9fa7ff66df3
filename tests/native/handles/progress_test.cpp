// The progress callback: what it is told, and that it ends a call.
#include "harness/device_test.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <thread>

namespace {

constexpr int32_t threads = 2;

/// Milliseconds that this process has computed for, by each of its threads: what the clock says where nothing else
/// runs, and no more than that where the processors are shared.
double computed() {
    return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC / threads;
}

struct Listener {
    std::vector<lposs_stage> stages;
    std::vector<double> fractions;
    double stop_at = 2;
    lposs_stage stop_in = -1;
    std::chrono::steady_clock::time_point asked = std::chrono::steady_clock::now();
    double asked_at = -1;     ///< as computed() says
    double stopped_at = 0;    ///< likewise
    double longest_wait = 0;  ///< milliseconds between two questions, by the clock
    double most_computed = 0; ///< milliseconds of computing between two questions

    static int32_t hear(void* user, lposs_stage stage, double fraction) {
        auto& self = *static_cast<Listener*>(user);
        const auto now = std::chrono::steady_clock::now();
        self.longest_wait =
            std::max(self.longest_wait, std::chrono::duration<double, std::milli>(now - self.asked).count());
        self.asked = now;
        if (self.asked_at >= 0) self.most_computed = std::max(self.most_computed, computed() - self.asked_at);
        self.asked_at = computed();
        if (self.stages.empty() || self.stages.back() != stage) self.stages.push_back(stage);
        self.fractions.push_back(fraction);
        if (fraction < self.stop_at && stage != self.stop_in) return 0;
        self.stopped_at = computed();
        return 1;
    }
};

/// The pixel step on an image of this size, in host memory.
class Progress : public testing::TestWithParam<TestDevice> {
protected:
    lposs_status refine(int64_t height, int64_t width, int32_t classes) {
        Array<uint8_t> image({height, width, 3});
        for (size_t i = 0; i < image.values.size(); ++i) image.values[i] = static_cast<uint8_t>(i * 37 % 251);
        Array<uint8_t> labels({height, width});
        for (size_t i = 0; i < labels.values.size(); ++i)
            labels.values[i] = static_cast<uint8_t>(i / 97 % static_cast<size_t>(classes));
        Array<uint8_t> sharp({height, width});
        lposs_refine_inputs inputs;
        lposs_refine_inputs_init(&inputs);
        inputs.classes = classes;
        inputs.image = host_tensor(image);
        inputs.labels = host_tensor(labels);
        lposs_segment_outputs outputs;
        lposs_segment_outputs_init(&outputs);
        outputs.labels = host_tensor(sharp);
        return lposs_image_refine(context, &inputs, nullptr, &outputs, nullptr);
    }

    Context context{GetParam(), threads};
};

TEST_P(Progress, GoesFromNoneToAllAndNeverBack) {
    Listener listener;
    require(lposs_context_set_progress(context, Listener::hear, &listener));
    require(refine(sized(400, 20), sized(600, 30), 5));
    EXPECT_EQ(listener.stages,
              (std::vector<lposs_stage>{LPOSS_STAGE_PIXEL_GRAPH, LPOSS_STAGE_PIXEL_SOLVE, LPOSS_STAGE_FINISH}));
    for (size_t i = 0; i < listener.fractions.size(); ++i) {
        EXPECT_GE(listener.fractions[i], i == 0 ? 0.0 : listener.fractions[i - 1]);
        EXPECT_LE(listener.fractions[i], 1.0);
    }
}

TEST_P(Progress, EndsTheCallAndLeavesTheContextUsable) {
    for (const lposs_stage stage : {LPOSS_STAGE_PIXEL_GRAPH, LPOSS_STAGE_PIXEL_SOLVE, LPOSS_STAGE_FINISH}) {
        Listener listener;
        listener.stop_in = stage;
        require(lposs_context_set_progress(context, Listener::hear, &listener));
        EXPECT_EQ(refine(21, 33, 3), LPOSS_ERROR_CANCELLED);
        EXPECT_STREQ(lposs_last_error(), "the call was cancelled by its progress callback");
        lposs_context_info info;
        lposs_context_info_init(&info);
        require(lposs_context_get_info(context, &info));
        EXPECT_EQ(info.memory_in_use, 0);
        require(lposs_context_set_progress(context, nullptr, nullptr));
        EXPECT_TRUE(succeeded(refine(21, 33, 3)));
    }
}

TEST_P(Progress, IsAskedOftenEnoughToEndAFullSizeSolveInATenthOfASecond) {
    if (small_scale() || GetParam().device != LPOSS_DEVICE_CPU) GTEST_SKIP() << "about the CPU at full size";
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer's time says nothing";
#elif defined(_WIN32)
    GTEST_SKIP() << "std::clock() is the time of day on Windows, and wine's time says nothing";
#endif
    for (const double at : {0.05, 0.2, 0.5}) {
        Listener listener;
        listener.stop_at = at;
        require(lposs_context_set_progress(context, Listener::hear, &listener));
        listener.asked = std::chrono::steady_clock::now() + std::chrono::hours(1); // the first one comes when it begins
        ASSERT_EQ(refine(2160, 3840, 21), LPOSS_ERROR_CANCELLED);
        const double late = computed() - listener.stopped_at;
        std::printf("cancelled at %.2f: asked at least every %.0f ms (%.0f by the clock), returned after %.1f ms\n", at,
                    listener.most_computed, listener.longest_wait, late);
        RecordProperty("milliseconds_at_" + std::to_string(static_cast<int>(100 * at)), std::to_string(late));
        EXPECT_LT(late + listener.most_computed, 100) << "cancelled at " << at;
    }
}

TEST_P(Progress, ACallBesideAnotherIsRefused) {
    struct Beside {
        lposs_context* context;
        lposs_status status = LPOSS_OK;
        std::string text;
    } beside{context, LPOSS_OK, ""};
    const auto hear = [](void* user, lposs_stage, double) -> int32_t {
        auto& self = *static_cast<Beside*>(user);
        std::thread([&self] {
            self.status = lposs_context_synchronize(self.context);
            self.text = lposs_last_error();
        }).join();
        return 1;
    };
    require(lposs_context_set_progress(context, hear, &beside));
    EXPECT_EQ(refine(21, 33, 3), LPOSS_ERROR_CANCELLED);
    EXPECT_EQ(beside.status, LPOSS_ERROR_BUSY);
    EXPECT_EQ(beside.text, "context: another call on it is not over yet; use one context for each thread");
    require(lposs_context_set_progress(context, nullptr, nullptr));
    EXPECT_TRUE(succeeded(refine(21, 33, 3)));
}

INSTANTIATE_TEST_SUITE_P(On, Progress, testing::ValuesIn(host_test_devices()), device_name);

} // namespace
