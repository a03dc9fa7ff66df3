#include "cpu/runtime/thread_pool.h"

namespace lposs::cpu {

ThreadPool::ThreadPool(int threads, Progress& progress) : progress_(progress) {
    try {
        for (int thread = 1; thread < threads; ++thread) workers_.emplace_back([this, thread] { work(thread); });
    } catch (...) {
        {
            const std::lock_guard<std::mutex> hold(lock_);
            stop_ = true;
        }
        start_.notify_all();
        for (auto& worker : workers_) worker.join();
        throw;
    }
}

ThreadPool::~ThreadPool() {
    {
        const std::lock_guard<std::mutex> hold(lock_);
        stop_ = true;
    }
    start_.notify_all();
    for (auto& worker : workers_) worker.join();
}

void ThreadPool::run(int64_t count, const std::function<void(int64_t, int)>& task) {
    if (count <= 0) return;
    if (workers_.empty() || count == 1) {
        for (int64_t index = 0; index < count; ++index) {
            progress_.poll();
            task(index, 0);
        }
        return;
    }
    {
        const std::lock_guard<std::mutex> hold(lock_);
        task_ = &task;
        count_ = count;
        next_.store(0);
        failure_ = nullptr;
        running_ = static_cast<int>(workers_.size());
        ++generation_;
    }
    start_.notify_all();
    take_tasks(0);
    std::unique_lock<std::mutex> hold(lock_);
    done_.wait(hold, [this] { return running_ == 0; });
    task_ = nullptr;
    if (failure_) std::rethrow_exception(failure_);
}

void ThreadPool::take_tasks(int thread) {
    for (;;) {
        const int64_t index = next_.fetch_add(1);
        if (index >= count_) return;
        try {
            if (thread == 0) progress_.poll();
            (*task_)(index, thread);
        } catch (...) {
            next_.store(count_); // what has not begun is left undone
            const std::lock_guard<std::mutex> hold(lock_);
            if (!failure_) failure_ = std::current_exception();
        }
    }
}

void ThreadPool::work(int thread) {
    uint64_t seen = 0;
    for (;;) {
        {
            std::unique_lock<std::mutex> hold(lock_);
            start_.wait(hold, [&] { return stop_ || generation_ != seen; });
            if (stop_) return;
            seen = generation_;
        }
        take_tasks(thread);
        {
            const std::lock_guard<std::mutex> hold(lock_);
            if (--running_ == 0) done_.notify_one();
        }
    }
}

} // namespace lposs::cpu
