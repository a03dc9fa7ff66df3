// The four kernels: right in every thread order and flavour; each planted error caught where it should be.
#include "device_array.h"
#include "expect_caught.h"
#include "kernels.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <random>

namespace selftest {

static std::vector<float> random_floats(std::size_t count, unsigned seed) {
    std::mt19937 engine(seed);
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(int(engine() % 17) - 8) / 8.0f; // sums of them are exact
    return values;
}

/// Throws unless all are equal; NaN, the poison, is equal to nothing.
template <class T>
static void compare(const std::vector<T>& got, const std::vector<T>& expected) {
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (!(got[i] == expected[i]))
            throw std::runtime_error("wrong numbers: element " + std::to_string(i) + " is " + std::to_string(got[i]) +
                                     " instead of " + std::to_string(expected[i]));
}

static void check_matrix_product(int n, Bug bug = Bug::none) {
    const auto size = std::size_t(n);
    const auto a = random_floats(size * size, 1), b = random_floats(size * size, 2);
    std::vector<float> expected(size * size);
    for (std::size_t i = 0; i < size; ++i)
        for (std::size_t j = 0; j < size; ++j)
            for (std::size_t k = 0; k < size; ++k) expected[i * size + j] += a[i * size + k] * b[k * size + j];
    const DeviceArray<float> device_a(a), device_b(b), c(size * size);
    matrix_product(device_a.data(), device_b.data(), c.data(), n, bug);
    compare(c.host(), expected);
}

static void check_dot_product(int n, int blocks, Bug bug = Bug::none) {
    const auto x = random_floats(std::size_t(n), 3), y = random_floats(std::size_t(n), 4);
    float expected = 0.0f;
    for (std::size_t i = 0; i < x.size(); ++i) expected += x[i] * y[i];
    const DeviceArray<float> device_x(x), device_y(y), partial{std::size_t(blocks)}, result{1};
    const DeviceArray<unsigned> ticket(std::vector<unsigned>{0});
    dot_product(device_x.data(), device_y.data(), n, partial.data(), ticket.data(), result.data(), blocks, bug);
    compare(result.host(), {expected});
    compare(ticket.host(), {0u});
}

static void check_laplacian(int height, int width, Bug bug = Bug::none) {
    const auto in = random_floats(std::size_t(height) * std::size_t(width), 5);
    const auto at = [&](int y, int x) {
        return y < 0 || y >= height || x < 0 || x >= width ? 0.0f : in[std::size_t(y * width + x)];
    };
    std::vector<float> expected;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            expected.push_back(at(y, x - 1) + at(y, x + 1) + at(y - 1, x) + at(y + 1, x) - 4.0f * at(y, x));
    const DeviceArray<float> device_in(in), out(in.size());
    laplacian(device_in.data(), out.data(), height, width, bug);
    compare(out.host(), expected);
}

static void check_top_values(int n, int k, Bug bug = Bug::none) {
    std::mt19937 engine(6);
    std::vector<unsigned char> values(static_cast<std::size_t>(n));
    for (auto& value : values) value = static_cast<unsigned char>(engine() % 100); // ties
    values[0] = 255;
    auto expected = values;
    std::sort(expected.rbegin(), expected.rend());
    expected.resize(std::size_t(k));
    const DeviceArray<unsigned char> device_values(values), top{std::size_t(k)};
    top_values(device_values.data(), n, k, top.data(), bug);
    compare(top.host(), expected);
}

// ---------------------------------------------------------------------------- correct kernels

class CorrectKernels : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override { ASSERT_EQ(emulator_set_order(GetParam()), 0); }
    void TearDown() override {
        EXPECT_EQ(emulator_live_allocations(), 0u);
        EXPECT_EQ(emulator_misuses(), 0u) << emulator_last_misuse();
    }
};

TEST_P(CorrectKernels, MatrixProduct) {
    for (const int n : {1, 16, 45}) EXPECT_NO_THROW(check_matrix_product(n)) << n;
}
TEST_P(CorrectKernels, DotProduct) {
    for (const int n : {1, 1000, 4097}) EXPECT_NO_THROW(check_dot_product(n, 5)) << n;
}
TEST_P(CorrectKernels, Laplacian) {
    for (const int width : {1, 16, 51}) EXPECT_NO_THROW(check_laplacian(37, width)) << width;
}
TEST_P(CorrectKernels, TopValues) {
    for (const int n : {64, 300, 1000}) EXPECT_NO_THROW(check_top_values(n, 64)) << n;
}

INSTANTIATE_TEST_SUITE_P(Orders, CorrectKernels,
                         testing::Values("forward", "reverse", "random:1", "random:2", "random:3"),
                         [](const auto& each) {
                             std::string name = each.param;
                             name.erase(std::remove(name.begin(), name.end(), ':'), name.end());
                             return name;
                         });

// ---------------------------------------------------------------------------- planted errors

struct Planted {
    const char* name;
    std::function<void()> run;
    const char *plain, *asan, *check; // as expect_caught() has them
};
static void PrintTo(const Planted& planted, std::ostream* out) {
    *out << planted.name;
}

class PlantedBugs : public testing::TestWithParam<Planted> {};

TEST_P(PlantedBugs, AreCaught) {
    const Planted& planted = GetParam();
    expect_caught(planted.run, {planted.plain, planted.asan, planted.check});
}

INSTANTIATE_TEST_SUITE_P(
    All, PlantedBugs,
    testing::Values(
        Planted{"ProductNoBarrierAfterLoad", [] { check_matrix_product(45, Bug::no_barrier_after_load); },
                "wrong numbers", "wrong numbers",
                "uninitialised read of 4 bytes at matrix_product.cu:[0-9]+: shared '[ab]_tile'"},
        Planted{"ProductNoBarrierBeforeNext", [] { check_matrix_product(45, Bug::no_barrier_before_next); },
                "wrong numbers", "wrong numbers", "race: .* at matrix_product.cu:[0-9]+ of shared '[ab]_tile'"},
        Planted{"ProductStorePastEnd", [] { check_matrix_product(45, Bug::store_past_end); },
                "(invalid memory access at matrix_product.cu:[0-9]+|write out of bounds): device allocation "
                "#[0-9]+ "
                "\\(8100 bytes\\), byte 8[0-9]+",
                "AddressSanitizer.*", "out of bounds write of 4 bytes at matrix_product.cu:[0-9]+: device allocation"},
        Planted{"DotNoBarrierAfterLoad", [] { check_dot_product(1000, 5, Bug::no_barrier_after_load); },
                "wrong numbers", "wrong numbers",
                "(uninitialised read of 4 bytes|race: (read|write)) at dot_product.cu:[0-9]+.* shared "
                "'warp_sums'"},
        Planted{"DotEarlyReturn", [] { check_dot_product(1000, 8, Bug::early_return); },
                "exits while lanes 0x[0-9a-f]+ of its warp wait|names lanes 0x[0-9a-f]+, which have exited",
                "exits while lanes", "exits while lanes 0x[0-9a-f]+ of its warp wait|names lanes .* which have exited"},
        Planted{"DotIdleLanesInMask", [] { check_dot_product(1000, 5, Bug::idle_lanes_in_mask); },
                "diverged|deadlock: .*wait", "deadlock", "deadlock"},
        Planted{"DotNoFence", [] { check_dot_product(1000, 5, Bug::no_fence); }, nullptr, nullptr,
                "race: read at dot_product.cu:[0-9]+ of device allocation"},
        Planted{"LaplacianHaloNotLoaded", [] { check_laplacian(37, 48, Bug::halo_not_loaded); }, "wrong numbers",
                "wrong numbers", "uninitialised read of 4 bytes at laplacian.cu:[0-9]+: shared '\\(dynamic\\)'"},
        Planted{"LaplacianNoBarrier", [] { check_laplacian(37, 51, Bug::no_barrier_after_load); }, "wrong numbers",
                "wrong numbers", "uninitialised read of 4 bytes at laplacian.cu:[0-9]+: shared '\\(dynamic\\)'"},
        Planted{"LaplacianStorePastEnd", [] { check_laplacian(37, 51, Bug::store_past_end); },
                "invalid memory access|write out of bounds", "AddressSanitizer", "out of bounds write of 4 bytes"},
        Planted{"TopStorePastEnd", [] { check_top_values(300, 64, Bug::store_past_end); },
                "write out of bounds, found at the end of the block: shared 'kept' \\(64 bytes\\), byte 64",
                "index 64 out of bounds for type",
                "out of bounds write of 1 bytes at top_values.cu:[0-9]+: shared 'kept'"},
        Planted{"TopEarlyReturn", [] { check_top_values(70, 64, Bug::early_return); }, "divergent barrier",
                "divergent barrier", "divergent barrier"},
        Planted{"TopBinNotCleared", [] { check_top_values(300, 64, Bug::bin_not_cleared); }, nullptr, nullptr,
                "uninitialised read of 4 bytes at top_values.cu:[0-9]+: shared 'histogram'"}),
    [](const auto& each) { return std::string(each.param.name); });

} // namespace selftest
