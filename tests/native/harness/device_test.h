// The fixture of tests that run on every device.
#pragma once

#include "harness/compare.h"
#include "harness/core.h"
#include "harness/random.h"
#include "harness/tolerances.h"

class DeviceTest : public testing::TestWithParam<TestDevice> {
protected:
    Core core{GetParam()};
    Random random;
};

/// Names the shape that a comparison in a loop is about.
#define FOR_SHAPE(...)                                                                                                 \
    SCOPED_TRACE(testing::Message() << "shape " << testing::PrintToString(std::vector<int64_t>{__VA_ARGS__}))

#define ON_ALL_DEVICES(Suite) INSTANTIATE_TEST_SUITE_P(On, Suite, testing::ValuesIn(test_devices()), device_name)
