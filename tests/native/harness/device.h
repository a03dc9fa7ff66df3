// Which devices a run of the suite is about, and contexts on them.
//
// LPOSS_TEST_DEVICES  comma-separated: cpu (default), cuda
// LPOSS_TEST_SCALE    small: sizes for kernels that are executed by an emulator
#pragma once

#include "lposs/lposs.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>
#include <vector>

/// A device, and where the caller's tensors lie: in host memory, or in memory from lposs_memory_allocate.
struct TestDevice {
    lposs_device device;
    bool allocated;
    const char* name;

    lposs_memory memory() const {
        return allocated && device == LPOSS_DEVICE_CUDA ? LPOSS_MEMORY_CUDA : LPOSS_MEMORY_HOST;
    }
};
void PrintTo(const TestDevice& device, std::ostream* out);

std::vector<TestDevice> test_devices();

/// The devices with tensors in host memory only, for tests that are not about where tensors lie.
std::vector<TestDevice> host_test_devices();

std::string device_name(const testing::TestParamInfo<TestDevice>& test);

bool small_scale();

/// `normal`, or `small` where each multiplication is emulated.
inline int64_t sized(int64_t normal, int64_t small) {
    return small_scale() ? small : normal;
}

/// LPOSS_OK, or a failure with the status' name and the library's text.
testing::AssertionResult succeeded(lposs_status status);

/// Throws std::runtime_error with the library's text unless the status is LPOSS_OK.
void require(lposs_status status);

/// Options for the device with this many threads (ignored on CUDA).
lposs_context_options context_options(const TestDevice& device, int32_t threads = 0);

class Context {
public:
    explicit Context(const TestDevice& device, int32_t threads = 0) : Context(context_options(device, threads)) {}
    explicit Context(const lposs_context_options& options) { require(lposs_context_create(&options, &context_)); }
    ~Context() { lposs_context_destroy(context_); }
    Context(Context&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}
    Context& operator=(Context&& other) noexcept {
        std::swap(context_, other.context_);
        return *this;
    }
    operator lposs_context*() const { return context_; }

private:
    lposs_context* context_ = nullptr;
};

class Graph {
public:
    explicit Graph(lposs_graph* graph) : graph_(graph) {}
    ~Graph() { lposs_graph_destroy(graph_); }
    Graph(Graph&& other) noexcept : graph_(std::exchange(other.graph_, nullptr)) {}
    Graph& operator=(Graph&& other) noexcept {
        std::swap(graph_, other.graph_);
        return *this;
    }
    operator const lposs_graph*() const { return graph_; }

    lposs_graph_info info() const;

private:
    lposs_graph* graph_ = nullptr;
};
