// What an operation works with: the context's threads, its memory and the kernels of this machine.
#pragma once

#include "core/backend.h"
#include "cpu/kernels/kernel_table.h"
#include "cpu/runtime/thread_pool.h"

namespace lposs::cpu {

struct Workspace {
    Progress& progress;
    ThreadPool& threads;
    std::shared_ptr<MemoryPool> pool;
    const KernelTable& kernels;

    template <class T>
    Buffer<T> buffer(int64_t count) const {
        return Buffer<T>(pool, count);
    }
};

} // namespace lposs::cpu
