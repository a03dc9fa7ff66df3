// What the CPU's graphs have in common.
#pragma once
#include "cpu/runtime/workspace.h"

namespace lposs::cpu {

class HostGraph : public Graph {
public:
    lposs_device device() const override { return LPOSS_DEVICE_CPU; }

    /// X = (I - alpha S)^-1 Y with the context's threads and memory, which need not be those that made the graph.
    /// a.result is not null.
    virtual void propagate(const Workspace& work, const PropagateArguments& a) const = 0;
};

} // namespace lposs::cpu
