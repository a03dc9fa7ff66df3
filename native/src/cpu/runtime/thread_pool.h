// The threads of one CPU context. Work is split by the caller into numbered tasks whose results do not depend on which
// thread runs them: that is what makes results the same bits for any thread count. Sums over tasks are made by the
// caller, in task order.
#pragma once

#include "core/progress.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lposs::cpu {

class ThreadPool {
public:
    /// threads >= 1, the caller's own counted; `progress` is polled on that one, between tasks.
    ThreadPool(int threads, Progress& progress);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int thread_count() const { return static_cast<int>(workers_.size()) + 1; }

    /// Runs task(index, thread) for every index in [0, count), thread in [0, thread_count()); returns when all are
    /// done. Tasks are taken in order of their index. The first exception is thrown again here.
    void run(int64_t count, const std::function<void(int64_t index, int thread)>& task);

private:
    void work(int thread);
    void take_tasks(int thread);

    Progress& progress_;
    std::vector<std::thread> workers_;
    std::mutex lock_;
    std::condition_variable start_;
    std::condition_variable done_;
    uint64_t generation_ = 0;
    int running_ = 0;
    bool stop_ = false;
    const std::function<void(int64_t, int)>* task_ = nullptr;
    int64_t count_ = 0;
    std::atomic<int64_t> next_{0};
    std::exception_ptr failure_;
};

} // namespace lposs::cpu
