#include "core/operations/gather_classes.h"

#include "core/checked_size.h"
#include "cpu/runtime/workspace.h"

#include <algorithm>

namespace lposs::cpu {

void gather_classes(const Workspace& work, const GatherClassesArguments& a) {
    const ClassSource& source = a.source;
    constexpr int64_t pixels_per_task = 4096;
    work.threads.run(ceil_div(source.pixels, pixels_per_task), [&](int64_t task, int) {
        const int64_t begin = task * pixels_per_task;
        gather_rows(source, a.first, a.count, begin, std::min(begin + pixels_per_task, source.pixels), a.block);
    });
}

} // namespace lposs::cpu
