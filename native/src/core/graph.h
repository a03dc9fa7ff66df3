// What both backends' graphs have in common.
#pragma once

#include "lposs/lposs.h"

#include <cstdint>

namespace lposs {

/// S = D^-1/2 W D^-1/2 in whatever form the backend propagates over. Keeps its memory's pool alive.
class Graph {
public:
    virtual ~Graph() = default;
    virtual lposs_device device() const = 0;
    virtual int64_t node_count() const = 0;
    virtual int64_t edge_count() const = 0; ///< entries of W off the diagonal, both directions
    virtual int64_t memory() const = 0;     ///< bytes
};

/// Upper bounds in bytes for planning: what a graph keeps, and the most that making it takes beside that and beside the
/// caller's arrays.
struct Cost {
    int64_t kept = 0;
    int64_t scratch = 0;
};

} // namespace lposs
