#include "harness/compare.h"
#include "harness/core.h"
#include "harness/random.h"

#include <thread>

namespace {

class ContextTest : public testing::TestWithParam<TestDevice> {};

TEST_P(ContextTest, TellsWhatItIs) {
    const Core core(GetParam(), 3);
    const lposs_context_info info = core.info();
    EXPECT_EQ(info.device, GetParam().device);
    EXPECT_EQ(info.device_index, 0);
    EXPECT_EQ(info.thread_count, GetParam().device == LPOSS_DEVICE_CPU ? 3 : 1);
    EXPECT_STRNE(info.device_name, "");
    EXPECT_EQ(std::string(info.backend).rfind(GetParam().device == LPOSS_DEVICE_CPU ? "cpu " : "cuda ", 0), 0U);
    EXPECT_TRUE(succeeded(lposs_context_synchronize(core.context())));
}

TEST_P(ContextTest, WorksOnAStreamOfItsOwnOrOnTheOneThatItWasGiven) {
    const Context own(GetParam());
    void* stream = &stream;
    ASSERT_TRUE(succeeded(lposs_context_get_stream(own, &stream)));
    EXPECT_EQ(stream != nullptr, GetParam().device == LPOSS_DEVICE_CUDA);

    lposs_context_options options = context_options(GetParam());
    options.stream = stream;
    const Context other(options);
    void* same = &same;
    ASSERT_TRUE(succeeded(lposs_context_get_stream(other, &same)));
    EXPECT_EQ(same, stream);
}

TEST_P(ContextTest, ByDefaultTakesTheThreadsOfTheProcess) {
    EXPECT_GE(Core(GetParam()).info().thread_count, 1);
    lposs_context* context = nullptr;
    ASSERT_TRUE(succeeded(lposs_context_create(nullptr, &context)));
    lposs_context_destroy(context);
}

TEST_P(ContextTest, ManyComeAndGo) {
    for (int i = 0; i < 20; ++i) {
        const Core core(GetParam(), 1 + i % 4);
        EXPECT_EQ(core.resize(Array<float>({3, 3, 1}, 1), 5, 5).size(), 25);
    }
}

TEST_P(ContextTest, SeveralWorkSideBySide) {
    Random random;
    const Array<float> features = random.features(80, 20), text = random.unit_rows(6, 20);
    const Array<float> expected = Core(GetParam(), 1).similarity(features, text);
    std::vector<Array<float>> found(4);
    std::vector<std::thread> threads;
    for (size_t i = 0; i < found.size(); ++i)
        threads.emplace_back([&, i] {
            const Core core(GetParam(), 2);
            for (int repeat = 0; repeat < 10; ++repeat) found[i] = core.similarity(features, text);
        });
    for (std::thread& thread : threads) thread.join();
    for (const Array<float>& scores : found) EXPECT_TRUE(same_bits(scores, expected));
}

TEST_P(ContextTest, TheErrorTextIsTheThreadsOwn) {
    ASSERT_NE(lposs_context_synchronize(nullptr), LPOSS_OK);
    std::string other = "not asked";
    std::thread([&] { other = lposs_last_error(); }).join();
    EXPECT_EQ(other, "");
    EXPECT_STRNE(lposs_last_error(), "");
}

INSTANTIATE_TEST_SUITE_P(On, ContextTest, testing::ValuesIn(host_test_devices()), device_name);

} // namespace
