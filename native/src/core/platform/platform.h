// What the operating systems do each in their own way. One file for each system implements this header (linux.cpp,
// windows.cpp), and nothing else in the core includes a system's headers. Paths and texts are UTF-8 on all of them.
#pragma once

#include <cstddef>
#include <string>

namespace lposs::platform {

/// Processors that this process may run on (its affinity mask), at least 1.
int usable_processors();

/// "AMD EPYC 9B45", or "unknown processor".
std::string processor_name();

/// Memory for release_memory(), aligned to `alignment` (a power of two); nullptr on failure.
void* allocate_memory(size_t alignment, size_t bytes) noexcept;
void release_memory(void* pointer) noexcept;

/// Asks for huge pages. Only a wish: without them the pages are small.
void prefer_huge_pages(void* pointer, size_t bytes) noexcept;

/// The path that an environment variable holds; empty where it is not set.
std::string environment_path(const char* variable);

/// What a shared library of ours is called here: "liblposs_cuda.so" for "lposs_cuda".
std::string library_file(const std::string& name);

/// The folder that the core was loaded from, with a separator at its end; empty where the system does not say.
std::string own_folder();

struct OpenedLibrary {
    void* handle;       ///< nullptr where it could not be opened
    std::string reason; ///< then: why, with the path
};

/// Opened for as long as the process lives, its symbols for find_symbol() alone.
OpenedLibrary open_library(const std::string& path);

/// nullptr where the library has no such symbol.
void* find_symbol(void* library, const char* symbol) noexcept;

} // namespace lposs::platform
