#include "device_array.h"
#include "language.h"

#include <cmath>
#include <gtest/gtest.h>

namespace selftest {

class Language : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override { ASSERT_EQ(emulator_set_order(GetParam()), 0); }
};

TEST_P(Language, Collectives) {
    const DeviceArray<int> failed(std::vector<int>{0});
    collectives(failed.data());
    EXPECT_EQ(failed.host()[0], 0);
}

TEST_P(Language, Atomics) {
    const DeviceArray<int> ints(std::vector<int>{0, 0, 0, 0, 1});
    const DeviceArray<unsigned> counters(std::vector<unsigned>{0, ~0u, 0, 0, 0, 0, 0});
    const DeviceArray<unsigned long long> wide(std::vector<unsigned long long>{0});
    const DeviceArray<float> sum(std::vector<float>{0.0f});
    atomics(ints.data(), counters.data(), wide.data(), sum.data());
    int product = 1, parity = 0;
    for (int i = 0; i < 128; ++i) product = product * (2 * i + 1) & 0xffff, parity ^= i;
    EXPECT_EQ(ints.host(), (std::vector<int>{127 * 64, -127, 127, -128, product}));
    EXPECT_EQ(counters.host(), (std::vector<unsigned>{~0u, 0, unsigned(parity), 8, 2, 1, 1}));
    EXPECT_EQ(wide.host()[0], 127ull << 40);
    EXPECT_EQ(sum.host()[0], 64.0f);
}

TEST_P(Language, SharedMemoryInTemplates) {
    const DeviceArray<int> out(3);
    shared(out.data(), 3);
    EXPECT_EQ(out.host(), std::vector<int>(3, 7 * 1000 + 64 + 21));
}

TEST_P(Language, ActiveMaskIsNoPromise) {
    const DeviceArray<int> counter(std::vector<int>{0});
    count_by_activemask(200, counter.data());
    EXPECT_EQ(counter.host()[0], 200);
}

TEST_P(Language, SpinningThreadsYield) {
    const DeviceArray<int> flag(std::vector<int>{0});
    wait_for(flag.data());
    EXPECT_EQ(flag.host()[0], 2);
}

INSTANTIATE_TEST_SUITE_P(Orders, Language, testing::Values("forward", "reverse", "random:1"),
                         [](const auto& each) { return std::string(each.param).substr(0, 6); });

TEST(Half, EveryValueSurvivesTheWayThroughFloat) {
    for (unsigned bits = 0; bits < 65536; ++bits) {
        const __half h = __ushort_as_half(static_cast<unsigned short>(bits));
        if (std::isnan(__half2float(h))) continue;
        ASSERT_EQ(__half_as_ushort(__float2half_rn(__half2float(h))), bits);
    }
    EXPECT_EQ(__half_as_ushort(__float2half_rn(NAN)), 0x7fff);
}

TEST(Half, RoundsToTheNearestEven) {
    for (unsigned bits = 0; bits < 0x7c00; ++bits) { // between each half and the next
        const float low = __half2float(__ushort_as_half(static_cast<unsigned short>(bits)));
        const float high =
            bits == 0x7bff ? 65536.0f : __half2float(__ushort_as_half(static_cast<unsigned short>(bits + 1)));
        const float middle = low + (high - low) / 2;
        ASSERT_EQ(__half_as_ushort(__float2half_rn(middle)), bits % 2 ? bits + 1 : bits);
        ASSERT_EQ(__half_as_ushort(__float2half_rn(std::nextafter(middle, low))), bits);
        ASSERT_EQ(__half_as_ushort(__float2half_rn(std::nextafter(middle, high))), bits + 1);
    }
}

TEST(Half, FusedMultiplyAddRoundsOnce) {
    const auto h = [](float value) { return __float2half_rn(value); };
    // 1 + 2^-10 and 1 - 2^-10: the product 1 - 2^-20 rounds to 1, so only a fused sum keeps -2^-20.
    const __half up = h(1.0f + 0x1p-10f), down = h(1.0f - 0x1p-10f);
    EXPECT_EQ(__half2float(__hadd(__hmul(up, down), h(-1.0f))), 0.0f);
    EXPECT_EQ(__half2float(__hfma(up, down, h(-1.0f))), -0x1p-20f);
    // A tie that only the smallest product's last bit breaks: double would round it away first.
    EXPECT_EQ(__half2float(__hfma(h(0x1p-24f), h(0x1p-24f), h(1.0f))), 1.0f);
    EXPECT_EQ(__half2float(__hfma(h(0x1p-24f), h(-0x1p-24f), h(0.5f))), 0.5f);
}

TEST(Intrinsics, Bits) {
    EXPECT_EQ(__clz(1), 31);
    EXPECT_EQ(__clz(0), 32);
    EXPECT_EQ(__ffs(8), 4);
    EXPECT_EQ(__ffs(0), 0);
    EXPECT_EQ(__popcll(~0ull), 64);
    EXPECT_EQ(__brev(1u), 0x80000000u);
    EXPECT_EQ(__umulhi(0x80000000u, 4u), 2u);
    EXPECT_EQ(__byte_perm(0x33221100u, 0x77665544u, 0x7250u), 0x77225500u);
    EXPECT_EQ(__funnelshift_l(0x80000000u, 1u, 1), 3u);
    EXPECT_EQ(__float_as_uint(1.0f), 0x3f800000u);
    EXPECT_EQ(__int_as_float(0x40000000), 2.0f);
}

TEST(Intrinsics, ConversionsSaturate) {
    EXPECT_EQ(__float2int_rn(2.5f), 2);
    EXPECT_EQ(__float2int_rd(-2.5f), -3);
    EXPECT_EQ(__float2int_rz(3e9f), 0x7fffffff);
    EXPECT_EQ(__float2int_rz(-3e9f), -0x7fffffff - 1);
    EXPECT_EQ(__float2int_rn(NAN), 0);
    EXPECT_EQ(__float2uint_rn(-5.0f), 0u);
}

TEST(Intrinsics, ApproximateFunctions) {
    EXPECT_FLOAT_EQ(__expf(1.5f), std::exp(1.5f));
    EXPECT_FLOAT_EQ(__powf(2.0f, 0.5f), std::sqrt(2.0f));
    EXPECT_FLOAT_EQ(rsqrtf(16.0f), 0.25f);
    EXPECT_EQ(__saturatef(NAN), 0.0f);
    EXPECT_EQ(max(1.0f, NAN), 1.0f);
}

} // namespace selftest
