#include "harness/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

uint64_t test_seed() {
    const char* seed = std::getenv("LPOSS_TEST_SEED");
    return seed && *seed ? std::strtoull(seed, nullptr, 10) : 1;
}

Random::Random() {
    std::string name;
    if (const auto* test = testing::UnitTest::GetInstance()->current_test_info()) {
        name = std::string(test->test_suite_name()) + "." + test->name();
        name.resize(std::min(name.size(), name.rfind('/'))); // without the device
    }
    std::seed_seq sequence(name.begin(), name.end());
    std::vector<uint32_t> mixed(2);
    sequence.generate(mixed.begin(), mixed.end());
    engine_.seed(test_seed() ^ (uint64_t{mixed[0]} << 32 | mixed[1]));
}

Array<float> Random::array(std::vector<int64_t> shape) {
    Array<float> values(std::move(shape));
    for (float& value : values.values) value = static_cast<float>(normal());
    return values;
}

Array<float> Random::whole(std::vector<int64_t> shape, int64_t most) {
    Array<float> values(std::move(shape));
    for (float& value : values.values) value = static_cast<float>(integer(-most, most));
    return values;
}

Array<float> Random::features(int64_t n, int64_t d) {
    const Array<float> shared = array({d});
    Array<float> values = array({n, d});
    for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < d; ++j) values(i, j) += 0.7F * shared(j);
    return values;
}

Array<float> Random::unit_rows(int64_t rows, int64_t d) {
    Array<float> values = array({rows, d});
    for (int64_t i = 0; i < rows; ++i) {
        double squares = 0;
        for (int64_t j = 0; j < d; ++j)
            squares += static_cast<double>(values(i, j)) * static_cast<double>(values(i, j));
        for (int64_t j = 0; j < d; ++j)
            values(i, j) = static_cast<float>(static_cast<double>(values(i, j)) / std::sqrt(squares));
    }
    return values;
}

Array<uint8_t> Random::image(int64_t height, int64_t width) {
    Array<uint8_t> image({height, width, 3});
    const double slope = uniform(-1, 1), middle = uniform(0.3, 0.7), wave = uniform(0.02, 0.2);
    for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x) {
            const double v = static_cast<double>(y) / static_cast<double>(height);
            const double u = static_cast<double>(x) / static_cast<double>(width);
            const bool above = v < middle + slope * (u - 0.5);
            for (int64_t c = 0; c < 3; ++c) {
                const double level = (above ? 170 - 30 * static_cast<double>(c) : 60 + 40 * static_cast<double>(c)) +
                                     20 * std::sin(wave * static_cast<double>(x + 2 * y)) + 2 * normal();
                image(y, x, c) = static_cast<uint8_t>(std::clamp(level, 0.0, 255.0));
            }
        }
    return image;
}

std::vector<int32_t> Random::prompt_classes(int64_t prompts, int64_t classes) {
    std::vector<int32_t> class_of;
    for (int64_t p = 0; p < prompts; ++p)
        class_of.push_back(static_cast<int32_t>(p < classes ? p : integer(0, classes - 1)));
    std::shuffle(class_of.begin(), class_of.end(), engine_);
    return class_of;
}
