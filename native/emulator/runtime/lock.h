// Calls of different threads take turns: one CUDA call, or one kernel, at a time.
#pragma once

#include <mutex>

namespace emulator {

class Lock {
public:
    Lock() : guard_(mutex()) {}

private:
    static std::recursive_mutex& mutex() {
        static std::recursive_mutex* const instance = new std::recursive_mutex;
        return *instance;
    }
    std::lock_guard<std::recursive_mutex> guard_;
};

} // namespace emulator
