#include "emulator/control.h"

#include "emulator/runtime/handles.h"
#include "emulator/runtime/launch.h"
#include "emulator/runtime/lock.h"
#include "emulator/runtime/memory.h"

using emulator::Lock;

const char* emulator_flavour() {
#if EMULATOR_ASAN
    return "asan";
#elif EMULATOR_CHECK
    return "check";
#else
    return "plain";
#endif
}

int emulator_set_order(const char* order) {
    const Lock lock;
    return order && emulator::set_order(order) ? 0 : -1;
}

size_t emulator_kernel_count() {
    const Lock lock;
    return emulator::launched_kernels().size();
}
const char* emulator_kernel_name(size_t index) {
    const Lock lock;
    const auto& kernels = emulator::launched_kernels();
    return index < kernels.size() ? kernels[index].name.c_str() : "";
}
uint64_t emulator_kernel_launches(size_t index) {
    const Lock lock;
    const auto& kernels = emulator::launched_kernels();
    return index < kernels.size() ? kernels[index].launches : 0;
}

size_t emulator_live_allocations() {
    const Lock lock;
    return emulator::live_allocations();
}
size_t emulator_live_bytes() {
    const Lock lock;
    return emulator::live_bytes();
}
void emulator_set_memory(size_t bytes) {
    const Lock lock;
    emulator::set_memory_size(bytes);
}

uint64_t emulator_bytes_to_device() {
    const Lock lock;
    return emulator::copied_bytes().to_device;
}
uint64_t emulator_bytes_to_host() {
    const Lock lock;
    return emulator::copied_bytes().to_host;
}
uint64_t emulator_bytes_within_device() {
    const Lock lock;
    return emulator::copied_bytes().within_device;
}

uint64_t emulator_misuses() {
    const Lock lock;
    return emulator::misuses();
}
const char* emulator_last_misuse() {
    const Lock lock;
    return emulator::last_misuse();
}
