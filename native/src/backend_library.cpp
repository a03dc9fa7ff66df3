#include "backend_library.h"

#include "error.h"

#include <cstdlib>
#include <dlfcn.h>
#include <mutex>
#include <string>

namespace lposs {
namespace {

constexpr const char* library_name = "liblposs_cuda.so";

struct BackendLibrary {
    lposs_backend_create_function* create;
    lposs_backend_probe_function* probe;
};

/// LPOSS_CUDA_LIBRARY, or liblposs_cuda.so in the folder that this library was loaded from.
std::string library_path() {
    if (const char* chosen = std::getenv("LPOSS_CUDA_LIBRARY"); chosen && *chosen) return chosen;
    Dl_info self{};
    if (dladdr(reinterpret_cast<const void*>(&library_path), &self) == 0 || !self.dli_fname)
        return library_name;
    const std::string path = self.dli_fname;
    const size_t slash = path.rfind('/');
    return slash == std::string::npos ? library_name : path.substr(0, slash + 1) + library_name;
}

template <class Function>
Function* symbol(void* library, const std::string& path, const char* name) {
    void* address = dlsym(library, name);
    if (!address)
        fail(LPOSS_ERROR_BACKEND_UNAVAILABLE, "%s: has no %s, so it is no LPOSS backend", path.c_str(), name);
    return reinterpret_cast<Function*>(address);
}

BackendLibrary open_library() {
    const std::string path = library_path();
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char* reason = dlerror();
        fail(LPOSS_ERROR_BACKEND_UNAVAILABLE,
             "the CUDA backend could not be loaded (%s); build it with ./build.sh build --cuda or set "
             "LPOSS_CUDA_LIBRARY to where it is",
             reason ? reason : path.c_str());
    }
    auto* const version = symbol<lposs_backend_abi_function>(library, path, LPOSS_BACKEND_ABI_SYMBOL);
    if (const int32_t found = version(); found != LPOSS_BACKEND_ABI)
        fail(
            LPOSS_ERROR_BACKEND_UNAVAILABLE,
            "%s: speaks backend version %d, but this liblposs.so speaks %d; install both from the same build",
            path.c_str(), found, LPOSS_BACKEND_ABI);
    return {symbol<lposs_backend_create_function>(library, path, LPOSS_BACKEND_CREATE_SYMBOL),
            symbol<lposs_backend_probe_function>(library, path, LPOSS_BACKEND_PROBE_SYMBOL)};
}

/// Opened once and never closed: graphs may live as long as the process. A failure is not remembered.
const BackendLibrary& library() {
    static std::mutex lock;
    static std::unique_ptr<BackendLibrary> opened;
    const std::lock_guard<std::mutex> hold(lock);
    if (!opened) opened = std::make_unique<BackendLibrary>(open_library());
    return *opened;
}

} // namespace

std::unique_ptr<Backend> make_cuda_backend(const BackendOptions& options) {
    char error[1024] = "";
    Backend* backend = nullptr;
    const lposs_status status = library().create(&options, &backend, error, sizeof error);
    if (status != LPOSS_OK) throw Error(status, error);
    return std::unique_ptr<Backend>(backend);
}

void probe_cuda(int32_t device_index, char* name, size_t capacity) {
    char error[1024] = "";
    const lposs_status status = library().probe(device_index, name, capacity, error, sizeof error);
    if (status != LPOSS_OK) throw Error(status, error);
}

} // namespace lposs
