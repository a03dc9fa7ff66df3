// A kernel that touches memory that it may not (a guard page, freed memory, its own stack's end) becomes an error of
// its launch instead of a signal that kills the process.
#pragma once

namespace emulator {

/// While it lives, SIGSEGV and SIGBUS of kernels on this thread are caught; others go where they went before.
class FaultGuard {
public:
    FaultGuard();
    ~FaultGuard();
    FaultGuard(const FaultGuard&) = delete;
    FaultGuard& operator=(const FaultGuard&) = delete;
};

} // namespace emulator
