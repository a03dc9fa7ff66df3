#include "emulator/runtime/block.h"
#include "emulator/runtime/memory.h"
#include "emulator/runtime/shadow.h"

namespace emulator {

std::uint64_t atomic_load(const void* address, std::size_t bytes) {
    Block& block = running_block("an atomic function");
    if (reinterpret_cast<std::uintptr_t>(address) % bytes)
        fail(cudaErrorMisalignedAddress, "misaligned atomic of %zu bytes at %s: %s", bytes,
             describe_code(__builtin_return_address(0)).c_str(), describe_address(address).c_str());
    shadow::atomic_access(address, bytes, __builtin_return_address(0));
    if (block.order == Order::random && !block.ready.empty() && block.random.below(8) == 0) yield();
    std::uint64_t value = 0;
    std::memcpy(&value, address, bytes);
    return value;
}

void atomic_store(void* address, std::size_t bytes, std::uint64_t value) { std::memcpy(address, &value, bytes); }

} // namespace emulator
