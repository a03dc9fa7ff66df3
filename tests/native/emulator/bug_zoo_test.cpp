#include "bug_zoo.h"
#include "device_array.h"
#include "expect_caught.h"

#include <gtest/gtest.h>

namespace selftest {

static void require(bool condition) {
    if (!condition) throw std::runtime_error("wrong numbers");
}

static std::vector<int> zeros(std::size_t count) {
    return std::vector<int>(count, 0);
}

TEST(BugZoo, SharedMemoryWithoutFence) {
    const auto run = [](int fence) {
        return [fence] {
            const DeviceArray<int> out(32);
            mirror(out.data(), fence);
            for (int i = 0; i < 32; ++i) require(out.host()[std::size_t(i)] == 31 - i);
        };
    };
    expect_caught(run(0), {"wrong numbers", "wrong numbers", "uninitialised read.*|race: (read|write) at bug_zoo.cu"});
    expect_caught(run(1), {nullptr, nullptr, "race: read at bug_zoo.cu:[0-9]+ of shared 'cells'"});
    expect_caught(run(2), {nullptr, nullptr, nullptr});
}

TEST(BugZoo, CopiesThatAreNotWaitedFor) {
    const auto run = [](int groups) {
        return [groups] {
            const DeviceArray<float> in(std::vector<float>(32, 3.0f)), out(32);
            copy_asynchronously(in.data(), out.data(), groups);
            for (int i = 0; i < 32; ++i) require(out.host()[std::size_t(i)] == 3.0f);
        };
    };
    const char* const waits = "the thread exits while 1 of its asynchronous copies";
    const char* const early = "uninitialised read of 4 bytes .*shared 'cells'";
    expect_caught(run(0), {nullptr, nullptr, nullptr});
    expect_caught(run(1), {waits, waits, early});
    expect_caught(run(-1), {waits, waits, early});
}

TEST(BugZoo, InPlaceUpdateOfOtherBlocksData) {
    const auto run = [] {
        std::vector<float> values;
        for (int i = 0; i < 512; ++i) values.push_back(float(i * i));
        const DeviceArray<float> device(values);
        smooth_in_place(device.data(), 512);
        for (std::size_t i = 0; i < 511; ++i) require(device.host()[i] == 0.5f * (values[i] + values[i + 1]));
    };
    expect_caught(run, {"wrong numbers", nullptr, "race: "});
}

TEST(BugZoo, SameValueWrittenByMany) {
    const auto run = [] {
        const DeviceArray<int> in(zeros(64)), out(1);
        any_zero(in.data(), out.data());
        require(out.host()[0] == 1);
    };
    expect_caught(run, {nullptr, nullptr, "race: write at bug_zoo.cu:[0-9]+ of shared 'found'.*"});
}

TEST(BugZoo, SharedOverrun) {
    const auto run = [] {
        const DeviceArray<int> out(64);
        shared_overrun(out.data());
    };
    expect_caught(run,
                  {"shared 'cells' \\(256 bytes\\), byte 256", "index 64 out of bounds for type",
                   "out of bounds write of 4 bytes at bug_zoo.cu:[0-9]+: shared 'cells' \\(256 bytes\\), byte 256"});
}

TEST(BugZoo, LocalOverrun) {
    const auto run = [] {
        const DeviceArray<int> out(32);
        local_overrun(out.data(), 5);
    };
    if (std::string(emulator_flavour()) == "asan") // the others would damage their own stack
        expect_caught(run, {nullptr, "out of bounds for type|AddressSanitizer: stack-buffer-overflow", nullptr});
}

TEST(BugZoo, BarriersInTwoBranches) {
    const auto run = [] {
        const DeviceArray<int> out(64);
        two_barriers(out.data());
    };
    const char* const text = "divergent barrier: the thread arrives in __syncthreads at bug_zoo.cu:[0-9]+ while";
    expect_caught(run, {text, text, text});
}

TEST(BugZoo, MisalignedVector) {
    const auto run = [] {
        const DeviceArray<float> values(std::vector<float>(12, 1.0f));
        misaligned(values.data());
    };
    if (std::string(emulator_flavour()) == "asan") // how the others compile it is the compiler's choice
        expect_caught(run, {nullptr, "misaligned address", nullptr});
}

TEST(BugZoo, MaskNamesIdleLanes) {
    const auto run = [] {
        const DeviceArray<int> out(32);
        idle_lanes(out.data());
    };
    const char* const text = "exits while lanes|names lanes 0x[0-9a-f]+, which have exited";
    expect_caught(run, {text, text, text});
}

TEST(BugZoo, AtomicMixedWithStore) {
    const auto run = [] {
        const DeviceArray<int> counter(zeros(1));
        mixed_atomic(counter.data());
    };
    expect_caught(run, {nullptr, nullptr, "race: (write|atomic) at bug_zoo.cu:[0-9]+ of device allocation"});
}

TEST(BugZoo, UninitialisedDeviceMemory) {
    const auto run = [] {
        const DeviceArray<int> in(64), out(64);
        copy(in.data(), out.data(), 64);
        require(out.host()[5] != -1);
    };
    expect_caught(run, {"wrong numbers", "wrong numbers", "uninitialised read of 4 bytes at bug_zoo.cu:[0-9]+"});
}

TEST(BugZoo, ReadPastEnd) {
    const auto run = [] {
        const DeviceArray<int> in(zeros(128)), out(160);
        copy(in.data(), out.data(), 160);
    };
    expect_caught(run,
                  {"invalid memory access at bug_zoo.cu:[0-9]+: device allocation #[0-9]+ \\(512 bytes\\), byte [0-9]+",
                   "AddressSanitizer: use-after-poison",
                   "out of bounds read of 4 bytes at bug_zoo.cu:[0-9]+: device allocation #[0-9]+ \\(512 bytes\\)"});
}

TEST(BugZoo, AtomicPastEnd) {
    const auto run = [] {
        const DeviceArray<int> counters(zeros(8));
        count_past_end(counters.data(), 8);
    };
    expect_caught(run, {"write out of bounds: device allocation #[0-9]+ \\(32 bytes\\), byte 32",
                        "AddressSanitizer: use-after-poison", "out of bounds read of 4 bytes at bug_zoo.cu:[0-9]+"});
}

TEST(BugZoo, UseAfterFree) {
    const auto run = [] {
        const DeviceArray<int> out(64);
        int* in = nullptr;
        GPU_CHECK(cudaMalloc(&in, 256));
        GPU_CHECK(cudaMemset(in, 0, 256));
        GPU_CHECK(cudaFree(in));
        copy(in, out.data(), 64);
    };
    expect_caught(run, {"invalid memory access at bug_zoo.cu:[0-9]+: device allocation #[0-9]+ \\(256 bytes, freed\\)",
                        "AddressSanitizer: use-after-poison", "out of bounds read .*freed"});
}

TEST(BugZoo, StackOverflow) {
    const auto run = [] {
        const DeviceArray<int> out(1);
        deep(out.data());
    };
    const char* const text = "stack overflow at bug_zoo.cu:[0-9]+";
    expect_caught(run, {text, "AddressSanitizer: (stack-overflow|SEGV)", text});
}

TEST(BugZoo, OverrunWithinAnArena) {
    const auto run = [](int count) {
        return [count] {
            const DeviceArray<char> arena(4096);
            char* const base = arena.data();
            gpu::arena_open(base, 4096);
            gpu::arena_take(base, 400, "first");
            gpu::arena_take(base + 400 + gpu::arena_gap, 400, "second");
            fill(reinterpret_cast<int*>(base), count);
        };
    };
    expect_caught(run(100), {nullptr, nullptr, nullptr});
    expect_caught(run(101),
                  {"write out of bounds: buffer 'first' \\(400 bytes\\), byte 400", "AddressSanitizer",
                   "out of bounds write of 4 bytes at bug_zoo.cu:[0-9]+: buffer 'first' \\(400 bytes\\), byte 400"});
}

// What the launch itself refuses, alike in all flavours.
TEST(BugZoo, Launches) {
    static int host_values[64];
    const auto refused = [](const std::function<void()>& run, const char* text) {
        expect_caught(run, {text, text, text});
    };
    const auto out = [] { return DeviceArray<int>(64); };
    refused([=] { copy(host_values, out().data(), 64); }, "parameter 0, 0x[0-9a-f]+, is not a device pointer");
    refused([=] { copy(out().data(), out().data(), 2048); },
            "the block is \\(2048,1,1\\); it may have 1 to 1024 threads");
    refused([=] { copy(out().data(), out().data(), 0); }, "the block is \\(0,1,1\\)");
    refused([=] { copy(nullptr, out().data(), 64, reinterpret_cast<cudaStream_t>(77)); }, "stream does not exist");
    refused([=] { dynamic(out().data(), 60000, false); },
            "60000 bytes of dynamic shared memory; the kernel may have 49152");
    refused([=] { dynamic(out().data(), 233000, true); }, "233000 bytes of dynamic shared memory; the limit is 232448");
    refused([=] { dynamic(out().data(), 0, false); }, "uses dynamic shared memory, but the launch gives none");
    EXPECT_NO_THROW(dynamic(DeviceArray<int>(64).data(), 60000, true));
}

} // namespace selftest
