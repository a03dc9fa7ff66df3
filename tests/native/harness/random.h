// Made-up data. The seed is LPOSS_TEST_SEED (1 if unset) mixed with the running test's name, so that a test draws the
// same numbers alone as in the whole suite, and on every device.
#pragma once

#include "spec/array.h"

#include <random>
#include <string>

class Random {
public:
    Random();

    int64_t integer(int64_t least, int64_t most) {
        return std::uniform_int_distribution<int64_t>(least, most)(engine_);
    }
    double uniform(double least, double most) { return std::uniform_real_distribution<double>(least, most)(engine_); }
    double normal() { return normal_(engine_); }
    bool chance(double probability) { return uniform(0, 1) < probability; }

    /// Standard normal.
    Array<float> array(std::vector<int64_t> shape);
    /// Whole numbers from -most to most: sums of products are exact in float32.
    Array<float> whole(std::vector<int64_t> shape, int64_t most);
    /// [N,D] like those of an encoder: a part that all share and a part of their own.
    Array<float> features(int64_t n, int64_t d);
    /// [P,D] unit rows.
    Array<float> unit_rows(int64_t rows, int64_t d);
    /// [H,W,3] smooth, with edges and a little noise, as photographs are.
    Array<uint8_t> image(int64_t height, int64_t width);
    /// P prompts in random order over C classes, every class at least once.
    std::vector<int32_t> prompt_classes(int64_t prompts, int64_t classes);

private:
    std::mt19937_64 engine_;
    std::normal_distribution<double> normal_;
};

uint64_t test_seed();
