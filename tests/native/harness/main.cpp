// Runs the suite, and says first with which seed, devices and instruction set. Exit status 77 (skipped) where what the
// environment asks for is not on this machine, unless LPOSS_TEST_REQUIRE_DEVICE is set.
#include "harness/device.h"
#include "harness/random.h"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
    std::printf("LPOSS_TEST_SEED=%llu%s\n", static_cast<unsigned long long>(test_seed()),
                small_scale() ? ", small sizes" : "");
    for (const TestDevice& device : host_test_devices()) {
        const lposs_context_options options = context_options(device);
        lposs_context* context = nullptr;
        const lposs_status status = lposs_context_create(&options, &context);
        const bool missing = status == LPOSS_ERROR_BACKEND_UNAVAILABLE || status == LPOSS_ERROR_UNSUPPORTED;
        if (missing && !std::getenv("LPOSS_TEST_REQUIRE_DEVICE")) {
            std::printf("Skipped\n%s: %s\n", device.name, lposs_last_error());
            return 77;
        }
        if (status != LPOSS_OK) {
            std::printf("FAILED: %s: %s\n", device.name, lposs_last_error());
            return 1;
        }
        lposs_context_info info;
        lposs_context_info_init(&info);
        if (lposs_context_get_info(context, &info) == LPOSS_OK)
            std::printf("%s: %s, %s, %d threads\n", device.name, info.backend, info.device_name, info.thread_count);
        lposs_context_destroy(context);
    }
    return RUN_ALL_TESTS();
}
