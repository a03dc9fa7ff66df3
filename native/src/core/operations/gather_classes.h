// Some classes of the scores or labels that refining begins with. Labels that are no class have zeros, as the ignored
// one has.
#pragma once

#include "core/class_source.h"

namespace lposs {

struct GatherClassesArguments {
    const ClassSource& source; ///< in the backend's memory
    int64_t first, count;      ///< classes first .. first + count
    float* block;              ///< [pixels,count]
};

namespace cpu {
struct Workspace;
void gather_classes(const Workspace& work, const GatherClassesArguments& a);
} // namespace cpu

namespace cuda {
struct Workspace;
void gather_classes(const Workspace& work, const GatherClassesArguments& a);
} // namespace cuda

} // namespace lposs
