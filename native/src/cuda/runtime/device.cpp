#include "cuda/runtime/device.h"

#include "core/error.h"

#include <string>

namespace lposs::cuda {
namespace {

constexpr int oldest_major = 8; // the kernels are compiled for compute capability 8.0 and newer

std::string version_text(int version) {
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

[[noreturn]] void report_missing_driver(cudaError_t code) {
    int driver = 0, runtime = 0;
    (void)cudaDriverGetVersion(&driver);
    (void)cudaRuntimeGetVersion(&runtime);
    const std::string needed = version_text(runtime);
    if (driver == 0)
        fail(LPOSS_ERROR_BACKEND_UNAVAILABLE,
             "CUDA: there is no NVIDIA driver (libcuda.so.1); this build needs one for CUDA %s or newer",
             needed.c_str());
    if (code == cudaErrorNoDevice)
        fail(LPOSS_ERROR_BACKEND_UNAVAILABLE,
             "CUDA: there is a driver (for CUDA %s), but no NVIDIA device that this process can see",
             version_text(driver).c_str());
    if (driver < runtime)
        fail(LPOSS_ERROR_BACKEND_UNAVAILABLE,
             "CUDA: the NVIDIA driver is too old: it is for CUDA %s, and this build needs %s or newer",
             version_text(driver).c_str(), needed.c_str());
    fail(LPOSS_ERROR_BACKEND_UNAVAILABLE, "CUDA: the driver (for CUDA %s, this build has %s) reports %s: %s",
         version_text(driver).c_str(), needed.c_str(), cudaGetErrorName(code), cudaGetErrorString(code));
}

} // namespace

cudaDeviceProp find_device(int device_index) {
    int count = 0;
    const cudaError_t code = cudaGetDeviceCount(&count);
    if (code != cudaSuccess) {
        (void)cudaGetLastError();
        report_missing_driver(code);
    }
    if (count == 0) report_missing_driver(cudaErrorNoDevice);
    if (device_index < 0 || device_index >= count)
        fail(LPOSS_ERROR_BACKEND_UNAVAILABLE, "device_index: is %d; there %s %d CUDA device%s, counted from 0",
             device_index, count == 1 ? "is" : "are", count, count == 1 ? "" : "s");
    cudaDeviceProp device;
    GPU_CHECK(cudaGetDeviceProperties(&device, device_index));
    if (device.major < oldest_major)
        fail(LPOSS_ERROR_BACKEND_UNAVAILABLE,
             "CUDA: device %d (%s) has compute capability %d.%d; this build needs %d.0 or newer", device_index,
             device.name, device.major, device.minor, oldest_major);
    return device;
}

} // namespace lposs::cuda
