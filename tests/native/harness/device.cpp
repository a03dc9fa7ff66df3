#include "harness/device.h"

#include <cstdlib>
#include <sstream>
#include <stdexcept>

void PrintTo(const TestDevice& device, std::ostream* out) {
    *out << device.name;
}

std::vector<TestDevice> test_devices() {
    const char* names = std::getenv("LPOSS_TEST_DEVICES");
    std::istringstream list(names && *names ? names : "cpu");
    std::vector<TestDevice> devices;
    for (std::string name; std::getline(list, name, ',');) {
        if (name == "cpu") {
            devices.push_back({LPOSS_DEVICE_CPU, false, "cpu"});
            devices.push_back({LPOSS_DEVICE_CPU, true, "cpu_allocated"});
        } else if (name == "cuda") {
            devices.push_back({LPOSS_DEVICE_CUDA, false, "cuda"});
            devices.push_back({LPOSS_DEVICE_CUDA, true, "cuda_allocated"});
        } else {
            throw std::runtime_error("LPOSS_TEST_DEVICES: '" + name + "' is neither cpu nor cuda");
        }
    }
    return devices;
}

std::vector<TestDevice> host_test_devices() {
    std::vector<TestDevice> devices;
    for (const TestDevice& device : test_devices())
        if (!device.allocated) devices.push_back(device);
    return devices;
}

std::string device_name(const testing::TestParamInfo<TestDevice>& test) {
    return test.param.name;
}

bool small_scale() {
    const char* scale = std::getenv("LPOSS_TEST_SCALE");
    return scale && std::string(scale) == "small";
}

testing::AssertionResult succeeded(lposs_status status) {
    if (status == LPOSS_OK) return testing::AssertionSuccess();
    return testing::AssertionFailure() << lposs_status_name(status) << ": " << lposs_last_error();
}

void require(lposs_status status) {
    if (status != LPOSS_OK)
        throw std::runtime_error(std::string(lposs_status_name(status)) + ": " + lposs_last_error());
}

lposs_context_options context_options(const TestDevice& device, int32_t threads) {
    lposs_context_options options;
    lposs_context_options_init(&options);
    options.device = device.device;
    options.thread_count = threads;
    return options;
}

lposs_graph_info Graph::info() const {
    lposs_graph_info info;
    lposs_graph_info_init(&info);
    require(lposs_graph_get_info(graph_, &info));
    return info;
}
