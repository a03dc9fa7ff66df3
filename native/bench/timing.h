// Wall-clock times of something that is run again and again.
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

/// How often something is run.
struct Repeats {
    int count = 7;           ///< timed runs
    double warm_up_ms = 0.0; ///< runs before them for that long, one at least: a GPU's clock takes its time to rise
    bool queued = false;     ///< time runs behind each other too, without a wait in between
};

struct Times {
    double median_ms = 0.0; ///< of one run and the wait for it
    double queued_ms = 0.0; ///< a run's share of `count` that were queued at once; 0: not timed
};

/// Times run(), which may only queue its work, with wait() for its end.
template <class Run, class Wait>
Times time_runs(const Repeats& repeats, Run&& run, Wait&& wait) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    do {
        run();
        wait();
    } while (milliseconds_since(start) < repeats.warm_up_ms);

    Times times;
    if (repeats.queued) {
        const auto begin = Clock::now();
        for (int i = 0; i < repeats.count; ++i) run();
        wait();
        times.queued_ms = milliseconds_since(begin) / repeats.count;
    }
    std::vector<double> single;
    for (int i = 0; i < repeats.count; ++i) {
        const auto begin = Clock::now();
        run();
        wait();
        single.push_back(milliseconds_since(begin));
    }
    times.median_ms = median(std::move(single));
    return times;
}

} // namespace bench
