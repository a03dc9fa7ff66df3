#include "core/backend_library.h"

#include "core/error.h"
#include "core/platform/platform.h"

#include <mutex>
#include <string>

namespace lposs {
namespace {

struct BackendLibrary {
    lposs_backend_create_function* create;
    lposs_backend_probe_function* probe;
};

/// LPOSS_CUDA_LIBRARY, or liblposs_cuda.so in the folder that the core was loaded from.
std::string library_path() {
    const std::string chosen = platform::environment_path("LPOSS_CUDA_LIBRARY");
    return chosen.empty() ? platform::own_folder() + platform::library_file("lposs_cuda") : chosen;
}

template <class Function>
Function* symbol(void* library, const std::string& path, const char* name) {
    void* address = platform::find_symbol(library, name);
    if (!address) fail(LPOSS_ERROR_BACKEND_UNAVAILABLE, "%s: has no %s, so it is no LPOSS backend", path.c_str(), name);
    return reinterpret_cast<Function*>(address);
}

BackendLibrary open_library() {
    const std::string path = library_path();
    const auto [library, reason] = platform::open_library(path);
    if (!library)
        fail(LPOSS_ERROR_BACKEND_UNAVAILABLE,
             "the CUDA backend could not be loaded (%s); build it with ./build.sh build --cuda or set "
             "LPOSS_CUDA_LIBRARY to where it is",
             reason.c_str());
    auto* const version = symbol<lposs_backend_abi_function>(library, path, LPOSS_BACKEND_ABI_SYMBOL);
    if (const int32_t found = version(); found != LPOSS_BACKEND_ABI)
        fail(LPOSS_ERROR_BACKEND_UNAVAILABLE,
             "%s: speaks backend version %d, but this core speaks %d; install both from the same build", path.c_str(),
             found, LPOSS_BACKEND_ABI);
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
