#include "harness/device.h"
#include "harness/refusal.h"

#include <string>

namespace {

struct ContextErrors : testing::Test {
    testing::AssertionResult refuses(void (*change)(lposs_context_options&), std::initializer_list<std::string> words,
                                     lposs_status status = LPOSS_ERROR_INVALID_ARGUMENT) {
        lposs_context_options options;
        lposs_context_options_init(&options);
        change(options);
        auto* context = reinterpret_cast<lposs_context*>(&options);
        const testing::AssertionResult result = refused(lposs_context_create(&options, &context), status, words);
        if (context) return testing::AssertionFailure() << "a failure left a context";
        return result;
    }
};

TEST_F(ContextErrors, OptionsOutOfRange) {
    EXPECT_TRUE(refuses([](auto& o) { o.struct_size = 4; }, {"options", "size", "4"}));
    EXPECT_TRUE(refuses([](auto& o) { o.device = 7; }, {"device", "7"}));
    EXPECT_TRUE(refuses([](auto& o) { o.device_index = 1; }, {"device_index", "1"}));
    EXPECT_TRUE(refuses([](auto& o) { o.device_index = -1; }, {"device_index", "-1"}));
    EXPECT_TRUE(refuses([](auto& o) { o.thread_count = -1; }, {"thread_count", "-1", "1024"}));
    EXPECT_TRUE(refuses([](auto& o) { o.thread_count = 1025; }, {"thread_count", "1025", "1024"}));
    EXPECT_TRUE(refuses([](auto& o) { o.memory_limit = -5; }, {"memory_limit", "-5"}));
    EXPECT_TRUE(refuses([](auto& o) { o.stream = &o; }, {"stream", "NULL"}));
}

TEST_F(ContextErrors, AllocatorsThatAreIncomplete) {
    static lposs_allocator allocator;
    const auto with = [](auto& o) { o.allocator = &allocator; };
    allocator = {sizeof(lposs_allocator), nullptr, nullptr, [](void*, void*, size_t, void*) {}};
    EXPECT_TRUE(refuses(with, {"allocator", "allocate"}));
    allocator = {sizeof(lposs_allocator), nullptr, [](void*, size_t, void*) -> void* { return nullptr; }, nullptr};
    EXPECT_TRUE(refuses(with, {"allocator", "release"}));
    allocator = {3, nullptr, [](void*, size_t, void*) -> void* { return nullptr; }, [](void*, void*, size_t, void*) {}};
    EXPECT_TRUE(refuses(with, {"allocator", "size"}));
}

TEST_F(ContextErrors, NullPointers) {
    EXPECT_TRUE(refused(lposs_context_create(nullptr, nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"context", "NULL"}));
    EXPECT_TRUE(refused(lposs_context_synchronize(nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"context", "NULL"}));
    EXPECT_TRUE(refused(lposs_context_reset_memory_peak(nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"context", "NULL"}));
    lposs_context_info info;
    lposs_context_info_init(&info);
    EXPECT_TRUE(refused(lposs_context_get_info(nullptr, &info), LPOSS_ERROR_INVALID_ARGUMENT, {"context", "NULL"}));
    const Context context(host_test_devices().front());
    EXPECT_TRUE(refused(lposs_context_get_info(context, nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"info", "NULL"}));
    void* stream = nullptr;
    EXPECT_TRUE(refused(lposs_context_get_stream(nullptr, &stream), LPOSS_ERROR_INVALID_ARGUMENT, {"context", "NULL"}));
    EXPECT_TRUE(refused(lposs_context_get_stream(context, nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"stream", "NULL"}));
    info.struct_size = 8;
    EXPECT_TRUE(refused(lposs_context_get_info(context, &info), LPOSS_ERROR_INVALID_ARGUMENT, {"info", "size", "8"}));
}

TEST_F(ContextErrors, ProbesOfDevicesThatAreNone) {
    char name[64] = "";
    EXPECT_TRUE(refused(lposs_device_probe(9, 0, name, sizeof name), LPOSS_ERROR_INVALID_ARGUMENT, {"device", "9"}));
    EXPECT_TRUE(refused(lposs_device_probe(LPOSS_DEVICE_CPU, 2, name, sizeof name), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"device_index", "2"}));
    EXPECT_TRUE(
        refused(lposs_device_probe(LPOSS_DEVICE_CPU, 0, nullptr, 5), LPOSS_ERROR_INVALID_ARGUMENT, {"name", "NULL"}));
    EXPECT_TRUE(succeeded(lposs_device_probe(LPOSS_DEVICE_CPU, 0, nullptr, 0)));
    EXPECT_TRUE(succeeded(lposs_device_probe(LPOSS_DEVICE_CPU, 0, name, sizeof name)));
    EXPECT_STRNE(name, "");
}

TEST_F(ContextErrors, TheTextIsOfTheLastCall) {
    EXPECT_NE(lposs_context_synchronize(nullptr), LPOSS_OK);
    EXPECT_STRNE(lposs_last_error(), "");
    EXPECT_TRUE(succeeded(lposs_device_probe(LPOSS_DEVICE_CPU, 0, nullptr, 0)));
    EXPECT_STREQ(lposs_last_error(), "");
}

TEST_F(ContextErrors, DestroyingNothingIsFine) {
    lposs_context_destroy(nullptr);
    lposs_graph_destroy(nullptr);
    const Context context(host_test_devices().front());
    EXPECT_TRUE(succeeded(lposs_memory_release(context, nullptr, 0)));
}

TEST_F(ContextErrors, MemoryOfSomebodyElse) {
    const Context context(host_test_devices().front());
    int mine = 0;
    EXPECT_TRUE(refused(lposs_memory_release(context, &mine, sizeof mine), LPOSS_ERROR_INVALID_ARGUMENT, {"pointer"}));
    void* pointer = nullptr;
    ASSERT_TRUE(succeeded(lposs_memory_allocate(context, 8, &pointer)));
    EXPECT_TRUE(succeeded(lposs_memory_release(context, pointer, 8)));
    EXPECT_TRUE(refused(lposs_memory_release(context, pointer, 8), LPOSS_ERROR_INVALID_ARGUMENT, {"pointer"}));
}

TEST_F(ContextErrors, MemoryOfNoSize) {
    const Context context(host_test_devices().front());
    void* pointer = &pointer;
    for (const int64_t bytes : {int64_t{0}, int64_t{-1}}) {
        EXPECT_TRUE(refused(lposs_memory_allocate(context, bytes, &pointer), LPOSS_ERROR_INVALID_ARGUMENT, {"bytes"}));
        EXPECT_EQ(pointer, nullptr);
    }
    EXPECT_TRUE(refused(lposs_memory_allocate(context, 8, nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"pointer", "NULL"}));
    EXPECT_TRUE(
        refused(lposs_memory_allocate(nullptr, 8, &pointer), LPOSS_ERROR_INVALID_ARGUMENT, {"context", "NULL"}));
    EXPECT_TRUE(refused(lposs_memory_release(nullptr, nullptr, 8), LPOSS_ERROR_INVALID_ARGUMENT, {"context", "NULL"}));
}

TEST_F(ContextErrors, MoreMemoryThanThereIs) {
    const Context context(host_test_devices().front());
    void* pointer = &pointer;
    EXPECT_TRUE(refused(lposs_memory_allocate(context, INT64_MAX, &pointer), LPOSS_ERROR_OUT_OF_MEMORY,
                        {std::to_string(INT64_MAX)}));
    EXPECT_EQ(pointer, nullptr);
}

} // namespace
