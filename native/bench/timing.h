// Median wall-clock time of something that is run again and again.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace bench {

inline double milliseconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

/// One run to warm up, then the median of `repeats`.
template <class Body>
double median_ms(int repeats, Body&& body) {
    body();
    std::vector<double> times;
    for (int i = 0; i < repeats; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        body();
        times.push_back(milliseconds_since(begin));
    }
    return median(std::move(times));
}

} // namespace bench
