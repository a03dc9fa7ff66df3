// Texts of errors, built without the heap: a fiber that fails is left as it is, and nothing on its stack would be
// freed.
#pragma once

#include "emulator/cuda.h"

namespace emulator {

struct Text {
    char chars[480];
    const char* c_str() const { return chars; }
};

Text format(const char* pattern, ...) __attribute__((format(printf, 1, 2)));
Text describe(Site site);   // file:line
Text describe(uint3 index); // (x,y,z)
/// file:line of the call before return address `pc`, from the debug information.
Text describe_code(const void* pc);

/// Ends the kernel that runs now: GPU_LAUNCH throws this text, with block and thread. Only from a kernel's thread.
[[noreturn]] void fail(cudaError_t code, const char* pattern, ...) __attribute__((format(printf, 2, 3)));

/// Notes that a CUDA call was wrong and gives back `code`.
cudaError_t misuse(cudaError_t code, const char* pattern, ...) __attribute__((format(printf, 2, 3)));

} // namespace emulator
