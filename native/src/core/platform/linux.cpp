#include "core/platform/platform.h"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <sched.h>
#include <sys/mman.h>
#include <thread>

namespace lposs::platform {

int usable_processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(CPU_COUNT(&set), 1);
    return std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
}

std::string processor_name() {
    std::ifstream facts("/proc/cpuinfo");
    for (std::string line; std::getline(facts, line);) {
        if (line.rfind("model name", 0) != 0) continue;
        const size_t colon = line.find(": ");
        if (colon != std::string::npos) return line.substr(colon + 2);
    }
    return "unknown processor";
}

void* allocate_memory(size_t alignment, size_t bytes) noexcept {
    return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}

void release_memory(void* pointer) noexcept {
    std::free(pointer);
}

void prefer_huge_pages(void* pointer, size_t bytes) noexcept {
    madvise(pointer, bytes, MADV_HUGEPAGE);
}

std::string environment_path(const char* variable) {
    const char* path = std::getenv(variable);
    return path ? path : "";
}

std::string library_file(const std::string& name) {
    return "lib" + name + ".so";
}

std::string own_folder() {
    Dl_info self{};
    if (dladdr(reinterpret_cast<const void*>(&own_folder), &self) == 0 || !self.dli_fname) return "";
    const std::string path = self.dli_fname;
    return path.substr(0, path.rfind('/') + 1); // npos + 1 is 0
}

OpenedLibrary open_library(const std::string& path) {
    if (void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return {handle, ""};
    const char* reason = dlerror();
    return {nullptr, reason ? reason : path};
}

void* find_symbol(void* library, const char* symbol) noexcept {
    return dlsym(library, symbol);
}

} // namespace lposs::platform
