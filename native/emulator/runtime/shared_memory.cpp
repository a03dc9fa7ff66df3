#include "emulator/runtime/shared_memory.h"

#include "emulator/runtime/block.h"
#include "emulator/runtime/memory.h"
#include "emulator/runtime/shadow.h"

#include <algorithm>

namespace emulator {

static constexpr std::size_t gap = 64; // between variables

struct Variable {
    const char* name;
    char* address;
    std::size_t bytes;
};
struct SharedMemory {
    std::vector<Variable> variables;
    std::size_t used = 0, static_bytes = 0, dynamic_bytes = 0;
    char* dynamic = nullptr;
};
static SharedMemory& shared() {
    static SharedMemory* const instance = new SharedMemory;
    return *instance;
}

static char* place(const char* name, std::size_t bytes, std::size_t alignment) {
    SharedMemory& memory = shared();
    const std::size_t start = (memory.used + gap + alignment - 1) / alignment * alignment;
    char* const address = shared_begin + start;
    memory.used = start + bytes;
    shadow::allow(address, bytes);
    std::memset(address, poison, bytes);
#if !EMULATOR_ASAN
    std::memset(address + bytes, canary, gap);
#endif
    memory.variables.push_back({name, address, bytes});
    return address;
}

void begin_shared_memory(std::size_t dynamic_bytes) {
    SharedMemory& memory = shared();
    shadow::forbid(shared_begin, memory.used + gap);
    memory.variables.clear();
    memory.used = memory.static_bytes = 0;
    memory.dynamic_bytes = dynamic_bytes;
    memory.dynamic = dynamic_bytes ? place("(dynamic)", dynamic_bytes, 128) : nullptr;
}

void* shared_address(SharedVariable& variable, std::size_t bytes, std::size_t alignment) {
    const Block& block = running_block("GPU_SHARED");
    if (variable.block == block.serial) return variable.address;
    SharedMemory& memory = shared();
    memory.static_bytes += bytes;
    if (memory.static_bytes > static_shared_limit)
        fail(cudaErrorLaunchFailure, "static shared memory: %zu bytes with '%s'; a block may have %zu",
             memory.static_bytes, variable.name, static_shared_limit);
    if (memory.static_bytes + memory.dynamic_bytes > shared_limit)
        fail(cudaErrorLaunchFailure, "shared memory: %zu static and %zu dynamic bytes; a block may have %zu",
             memory.static_bytes, memory.dynamic_bytes, shared_limit);
    variable.address = place(variable.name, bytes, std::max<std::size_t>(alignment, 16));
    variable.block = block.serial;
    return variable.address;
}

void* dynamic_shared_address() {
    running_block("GPU_DYN_SHARED");
    if (!shared().dynamic)
        fail(cudaErrorLaunchFailure, "the kernel uses dynamic shared memory, but the launch gives none");
    return shared().dynamic;
}

void check_shared_memory() {
#if !EMULATOR_ASAN
    for (const Variable& variable : shared().variables) {
        const char* byte = variable.address + variable.bytes;
        if (all_canary(byte, gap)) continue;
        while (static_cast<unsigned char>(*byte) == canary) ++byte;
        const Text text = format("write out of bounds, found at the end of the block: %s\n  in kernel %s launched at "
                                 "%s, block %s",
                                 describe_shared(byte).c_str(), running->request->name,
                                 describe(running->request->site).c_str(), describe(blockIdx).c_str());
        running->failure = {cudaErrorIllegalAddress, text.c_str()};
        return;
    }
#endif
}

Text describe_shared(const void* address) {
    const char* const at = static_cast<const char*>(address);
    for (const Variable& variable : shared().variables)
        if (at >= variable.address - gap / 2 && at < variable.address + variable.bytes + gap / 2)
            return format("shared '%s' (%zu bytes), byte %td", variable.name, variable.bytes, at - variable.address);
    return format("shared memory that no variable has");
}

} // namespace emulator
