// The runtime API: what it does, and which code and text a wrong call gives.
#include "bug_zoo.h"
#include "device_array.h"

#include <cstdint>
#include <cstdlib>
#include <gtest/gtest.h>

namespace selftest {

/// The call gives `code`, counts as a misuse, and the error's text says `text`.
static void expect_misuse(cudaError_t got, cudaError_t code, const char* text) {
    static std::uint64_t before = 0;
    EXPECT_EQ(got, code);
    EXPECT_GT(emulator_misuses(), before);
    before = emulator_misuses();
    EXPECT_NE(std::string(cudaGetErrorString(code)).find(text), std::string::npos) << cudaGetErrorString(code);
    EXPECT_EQ(cudaPeekAtLastError(), code);
    EXPECT_EQ(cudaGetLastError(), code);
    EXPECT_EQ(cudaGetLastError(), cudaSuccess);
}

TEST(Api, CopiesAreChecked) {
    const DeviceArray<int> device(std::vector<int>(100, 3)), unwritten(10);
    int* const data = device.data();
    int host[200] = {};
    expect_misuse(cudaMemcpy(host, data, sizeof host, cudaMemcpyDeviceToHost), cudaErrorInvalidValue,
                  "cudaMemcpy: reads 800 bytes from device allocation #");
    expect_misuse(cudaMemcpy(data + 90, host, 44, cudaMemcpyHostToDevice), cudaErrorInvalidValue, "byte 360");
    expect_misuse(cudaMemcpy(host, data, 8, cudaMemcpyHostToDevice), cudaErrorInvalidMemcpyDirection,
                  "goes to the host from the device");
    expect_misuse(cudaMemset(host, 0, 8), cudaErrorInvalidValue, "is not a device pointer");
    expect_misuse(cudaMemset(data + 99, 0, 8), cudaErrorInvalidValue, "cudaMemset: writes 8 bytes");
    expect_misuse(cudaMemcpyAsync(data, host, 8, cudaMemcpyDefault, reinterpret_cast<cudaStream_t>(9)),
                  cudaErrorInvalidResourceHandle, "stream does not exist");
    if (std::string(emulator_flavour()) == "check") {
        EXPECT_EQ(cudaMemcpy(data, unwritten.data(), 40, cudaMemcpyDeviceToDevice), cudaSuccess);
        expect_misuse(cudaMemcpy(host, data + 8, 16, cudaMemcpyDeviceToHost), cudaErrorInvalidValue, "never written");
    }
}

TEST(Api, RowsAreCopiedByPitch) {
    const DeviceArray<int> device(std::vector<int>{1, 2, 3, 4, 5, 6});
    int host[4] = {};
    EXPECT_EQ(cudaMemcpy2D(host, 8, device.data() + 1, 12, 8, 2, cudaMemcpyDeviceToHost), cudaSuccess);
    EXPECT_EQ(std::vector<int>(host, host + 4), (std::vector<int>{2, 3, 5, 6}));
    expect_misuse(cudaMemcpy2D(host, 4, device.data(), 12, 8, 2, cudaMemcpyDeviceToHost), cudaErrorInvalidValue,
                  "width 8 exceeds a pitch");
}

TEST(Api, FreeingIsChecked) {
    int* data = nullptr;
    EXPECT_EQ(cudaMalloc(&data, 400), cudaSuccess);
    EXPECT_EQ(emulator_live_bytes(), 400u);
    expect_misuse(cudaFree(data + 1), cudaErrorInvalidValue, "not the start of a living allocation");
    EXPECT_EQ(cudaFree(data), cudaSuccess);
    expect_misuse(cudaFree(data), cudaErrorInvalidValue, "(400 bytes, freed)");
    EXPECT_EQ(cudaFree(nullptr), cudaSuccess);
    EXPECT_EQ(emulator_live_allocations(), 0u);
}

TEST(Api, MemoryRunsOut) {
    emulator_set_memory(1000);
    int *first = nullptr, *second = nullptr;
    const auto misuses = emulator_misuses();
    EXPECT_EQ(cudaMalloc(&first, 600), cudaSuccess);
    EXPECT_EQ(cudaMallocAsync(&second, 600, nullptr), cudaErrorMemoryAllocation);
    EXPECT_EQ(cudaGetLastError(), cudaErrorMemoryAllocation);
    EXPECT_STREQ(cudaGetErrorString(cudaErrorMemoryAllocation), "out of memory");
    EXPECT_EQ(cudaMalloc(&second, SIZE_MAX), cudaErrorMemoryAllocation);
    EXPECT_EQ(emulator_misuses(), misuses);
    std::size_t free_bytes = 0, total_bytes = 0;
    EXPECT_EQ(cudaMemGetInfo(&free_bytes, &total_bytes), cudaSuccess);
    EXPECT_EQ(free_bytes, 400u);
    EXPECT_EQ(total_bytes, 1000u);
    EXPECT_EQ(cudaFreeAsync(first, nullptr), cudaSuccess);
    emulator_set_memory(std::size_t(16) << 30);
}

TEST(Api, CopiedBytesAreCountedByDirection) {
    const DeviceArray<int> first(std::vector<int>(8, 1)), second(8);
    const auto to_device = emulator_bytes_to_device(), to_host = emulator_bytes_to_host(),
               within = emulator_bytes_within_device();
    int host[8] = {};
    EXPECT_EQ(cudaMemcpy(second.data(), first.data(), 32, cudaMemcpyDeviceToDevice), cudaSuccess);
    EXPECT_EQ(cudaMemcpy(host, second.data(), 12, cudaMemcpyDeviceToHost), cudaSuccess);
    EXPECT_EQ(cudaMemcpy(second.data(), host, 4, cudaMemcpyHostToDevice), cudaSuccess);
    EXPECT_EQ(emulator_bytes_within_device() - within, 32u);
    EXPECT_EQ(emulator_bytes_to_host() - to_host, 12u);
    EXPECT_EQ(emulator_bytes_to_device() - to_device, 4u);
}

TEST(Api, StreamsAndEventsAreHandles) {
    const DeviceArray<int> in(std::vector<int>(64, 1)), out(64);
    cudaStream_t stream = nullptr;
    cudaEvent_t start = nullptr, end = nullptr, untimed = nullptr;
    EXPECT_EQ(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), cudaSuccess);
    EXPECT_EQ(cudaEventCreate(&start), cudaSuccess);
    EXPECT_EQ(cudaEventCreate(&end), cudaSuccess);
    EXPECT_EQ(cudaEventCreateWithFlags(&untimed, cudaEventDisableTiming), cudaSuccess);
    EXPECT_EQ(cudaEventRecord(start, stream), cudaSuccess);
    copy(in.data(), out.data(), 64, stream);
    EXPECT_EQ(cudaEventRecord(end, stream), cudaSuccess);
    EXPECT_EQ(cudaStreamWaitEvent(stream, end), cudaSuccess);
    EXPECT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
    float milliseconds = -1.0f;
    EXPECT_EQ(cudaEventElapsedTime(&milliseconds, start, end), cudaSuccess);
    EXPECT_GT(milliseconds, 0.0f);
    expect_misuse(cudaEventElapsedTime(&milliseconds, start, untimed), cudaErrorInvalidResourceHandle,
                  "without timing");
    for (const cudaEvent_t event : {start, end, untimed}) EXPECT_EQ(cudaEventDestroy(event), cudaSuccess);
    expect_misuse(cudaEventRecord(start, stream), cudaErrorInvalidResourceHandle, "the event does not exist");
    EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
    expect_misuse(cudaStreamSynchronize(stream), cudaErrorInvalidResourceHandle, "the stream does not exist");
    try {
        copy(in.data(), out.data(), 64, stream);
        FAIL() << "a launch on a destroyed stream";
    } catch (const gpu::Error& error) {
        EXPECT_EQ(error.code(), cudaErrorInvalidResourceHandle);
    }
}

TEST(Api, PointersKnowTheirMemory) {
    const DeviceArray<int> device(std::vector<int>(64, 5));
    int* pinned = nullptr;
    int local = 0;
    EXPECT_EQ(cudaHostAlloc(&pinned, 256, cudaHostAllocDefault), cudaSuccess);
    cudaPointerAttributes attributes{};
    EXPECT_EQ(cudaPointerGetAttributes(&attributes, device.data() + 5), cudaSuccess);
    EXPECT_EQ(attributes.type, cudaMemoryTypeDevice);
    EXPECT_EQ(cudaPointerGetAttributes(&attributes, pinned + 63), cudaSuccess);
    EXPECT_EQ(attributes.type, cudaMemoryTypeHost);
    EXPECT_EQ(cudaPointerGetAttributes(&attributes, &local), cudaSuccess);
    EXPECT_EQ(attributes.type, cudaMemoryTypeUnregistered);
    copy(device.data(), pinned, 64); // a kernel may write it
    EXPECT_EQ(pinned[63], 5);
    EXPECT_EQ(cudaFreeHost(pinned), cudaSuccess);
    expect_misuse(cudaFreeHost(&local), cudaErrorInvalidValue, "did not come from cudaHostAlloc");
}

TEST(Api, OneDevice) {
    int count = 0, value = 0;
    EXPECT_EQ(cudaGetDeviceCount(&count), cudaSuccess);
    EXPECT_EQ(count, 1);
    EXPECT_EQ(cudaSetDevice(0), cudaSuccess);
    expect_misuse(cudaSetDevice(1), cudaErrorInvalidDevice, "device 1; there is one");
    EXPECT_EQ(cudaDeviceGetAttribute(&value, cudaDevAttrComputeCapabilityMajor, 0), cudaSuccess);
    EXPECT_EQ(value, 9);
    cudaDeviceProp properties;
    EXPECT_EQ(cudaGetDeviceProperties(&properties, 0), cudaSuccess);
    EXPECT_EQ(properties.sharedMemPerBlockOptin, 232448u);
    EXPECT_STREQ(cudaGetErrorName(cudaErrorIllegalAddress), "cudaErrorIllegalAddress");
}

TEST(Api, ChecksThrowWithTheCall) {
    try {
        GPU_CHECK(cudaSetDevice(7));
        FAIL() << "device 7";
    } catch (const gpu::Error& error) {
        EXPECT_EQ(error.code(), cudaErrorInvalidDevice);
        EXPECT_STREQ(error.what(), "cudaSetDevice(7): cudaErrorInvalidDevice, invalid device ordinal (device 7; there "
                                   "is one, device 0)");
    }
    static_cast<void>(cudaGetLastError());
}

TEST(Api, ArenasRefuseOverlaps) {
    const DeviceArray<char> memory(4096);
    char* const base = memory.data();
    gpu::arena_open(base, 4096);
    gpu::arena_take(base, 1000, "first");
    EXPECT_THROW(gpu::arena_take(base + 999, 10, "second"), std::invalid_argument);
    EXPECT_THROW(gpu::arena_take(base + 4000, 97, "past the end"), std::invalid_argument);
    EXPECT_EQ(cudaMemset(base, 0, 1000), cudaSuccess);
    expect_misuse(cudaMemset(base, 0, 1001), cudaErrorInvalidValue, "writes 1001 bytes from buffer 'first'");
    gpu::arena_give_back(base);
    EXPECT_THROW(gpu::arena_give_back(base), std::invalid_argument);
    gpu::arena_take(base + 10, 1000, "second");
    gpu::arena_close(base, 4096);
    EXPECT_EQ(cudaMemset(base, 0, 4096), cudaSuccess);
}

TEST(Api, OrdersAreNamed) {
    EXPECT_EQ(emulator_set_order("random:12"), 0);
    for (const char* const wrong : {"", "fwd", "random", "random:", "random:x", "random:1 "})
        EXPECT_EQ(emulator_set_order(wrong), -1) << wrong;
    EXPECT_EQ(emulator_set_order(nullptr), -1);
    EXPECT_EQ(emulator_set_order("forward"), 0);
}

TEST(Api, KernelsAreListedInAFile) {
    const std::string path = testing::TempDir() + "emulator_kernels_" + emulator_flavour() + ".txt";
    std::remove(path.c_str());
    setenv("EMULATOR_KERNELS", path.c_str(), 1);
    const DeviceArray<int> out(32);
    mirror(out.data(), 2);
    mirror(out.data(), 2);
    unsetenv("EMULATOR_KERNELS");
    char line[100] = "", more[100] = "";
    std::FILE* const file = std::fopen(path.c_str(), "r");
    ASSERT_NE(file, nullptr);
    ASSERT_NE(std::fgets(line, sizeof line, file), nullptr);
    EXPECT_EQ(std::fgets(more, sizeof more, file), nullptr);
    std::fclose(file);
    std::remove(path.c_str());
    EXPECT_STREQ(line, "mirror_kernel\n");
}

} // namespace selftest
