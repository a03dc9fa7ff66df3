// Small host arrays travel as kernel parameters: the launch has read them when it returns, so nothing waits and no
// pinned memory is held. cudaMemcpyAsync would promise neither for the caller's ordinary memory.
#include "cuda/runtime/upload.h"

#include <cstring>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int parcel_words = 896; // a launch takes 4 KiB of parameters
constexpr int threads = 256;

struct Parcel {
    unsigned words[parcel_words];
};

__global__ void unpack_kernel(const Parcel parcel, int words, unsigned* target) {
    for (int i = static_cast<int>(threadIdx.x); i < words; i += threads) target[i] = parcel.words[i];
}

} // namespace

// ---------------------------------------------------------------------------- launchers

void upload_bytes(const Workspace& work, const void* host, int64_t bytes, void* target) {
    constexpr auto word = static_cast<int64_t>(sizeof(unsigned));
    if (bytes == 0) return;
    if (bytes > upload_limit || bytes % word != 0 || reinterpret_cast<uintptr_t>(target) % sizeof(unsigned) != 0) {
        GPU_CHECK(cudaMemcpyAsync(target, host, static_cast<size_t>(bytes), cudaMemcpyHostToDevice, work.stream));
        GPU_CHECK(cudaStreamSynchronize(work.stream));
        return;
    }
    const int64_t words = bytes / word;
    for (int64_t begin = 0; begin < words; begin += parcel_words) {
        const int64_t count = words - begin < parcel_words ? words - begin : parcel_words;
        Parcel parcel = {};
        std::memcpy(parcel.words, static_cast<const char*>(host) + begin * word, static_cast<size_t>(count * word));
        GPU_LAUNCH(unpack_kernel, 1, threads, 0, work.stream, parcel, static_cast<int>(count),
                   static_cast<unsigned*>(target) + begin);
    }
}

} // namespace lposs::cuda
