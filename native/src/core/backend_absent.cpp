// In place of backend_library.cpp in the static library, which loads nothing at run time.
#include "core/backend_library.h"

#include "core/error.h"

namespace lposs {
namespace {

[[noreturn]] void refuse() {
    fail(LPOSS_ERROR_BACKEND_UNAVAILABLE, "CUDA: this is the static library, which holds the CPU backend alone; the "
                                          "CUDA backend needs the shared one");
}

} // namespace

std::unique_ptr<Backend> make_cuda_backend(const BackendOptions&) {
    refuse();
}

void probe_cuda(int32_t, char*, size_t) {
    refuse();
}

} // namespace lposs
