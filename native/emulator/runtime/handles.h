// What the host API keeps about its handles and errors.
#pragma once

#include "emulator/cuda.h"

namespace emulator {

bool is_stream(cudaStream_t stream);
/// Whether the address lies in memory of cudaHostAlloc, which kernels may use too.
bool is_pinned(const void* address);

/// Bytes that copies have moved so far.
struct CopiedBytes {
    std::uint64_t to_device, to_host, within_device;
};
CopiedBytes copied_bytes();

std::uint64_t misuses();
const char* last_misuse();

} // namespace emulator
