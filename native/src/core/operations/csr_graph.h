// S of a caller's own W, whose diagonal is ignored.
#pragma once

#include "core/graph.h"

#include <memory>

namespace lposs {

/// In host memory; symmetric, weights of 0 or more, columns ascending within a row: all checked by the caller.
struct CsrGraphArguments {
    int64_t n;                       ///< N
    const int64_t* host_row_offsets; ///< [N+1]
    const int32_t* host_columns;     ///< [host_row_offsets[N]]
    const float* host_weights;       ///< [host_row_offsets[N]]
};

namespace cpu {
struct Workspace;
std::unique_ptr<Graph> csr_graph(const Workspace& work, const CsrGraphArguments& a);
} // namespace cpu

namespace cuda {
struct Workspace;
std::unique_ptr<Graph> csr_graph(const Workspace& work, const CsrGraphArguments& a);
} // namespace cuda

} // namespace lposs
