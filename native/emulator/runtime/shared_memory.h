// Shared memory of the block that runs: variables between canaries, poisoned at every block.
#pragma once

#include "emulator/runtime/diagnosis.h"

namespace emulator {

constexpr std::size_t static_shared_limit = 48 << 10;
constexpr std::size_t shared_limit = 227 << 10; // static and dynamic, with the attribute

/// A block starts, with so much dynamic shared memory.
void begin_shared_memory(std::size_t dynamic_bytes);
/// The block has ended: notes a failure if a canary behind a variable was overwritten.
void check_shared_memory();
Text describe_shared(const void* address);

} // namespace emulator
