// The caller's own allocator: gets every byte back, and may fail at any time.
#include "harness/csr.h"
#include "harness/device_test.h"
#include "harness/refusal.h"
#include "spec/windows.h"

#include <map>
#include <new>
#include <optional>

namespace {

struct Ledger {
    std::map<void*, size_t> blocks;
    size_t bytes = 0;
    int allocations = 0;
    int fail_after = -1; ///< allocations that succeed; -1: all
    bool clean = true;   ///< each release had the pointer and size of an allocation

    lposs_allocator allocator() {
        return {
            sizeof(lposs_allocator), this,
            [](void* user, size_t size, void*) { return static_cast<Ledger*>(user)->allocate(size); },
            [](void* user, void* pointer, size_t size, void*) { static_cast<Ledger*>(user)->release(pointer, size); }};
    }

private:
    void* allocate(size_t size) {
        if (fail_after >= 0 && allocations >= fail_after) return nullptr;
        ++allocations;
        void* pointer = ::operator new (size, std::align_val_t{256}, std::nothrow);
        blocks[pointer] = size;
        bytes += size;
        return pointer;
    }
    void release(void* pointer, size_t size) {
        const auto block = blocks.find(pointer);
        clean = clean && block != blocks.end() && block->second == size;
        if (block == blocks.end()) return;
        bytes -= block->second;
        blocks.erase(block);
        ::operator delete (pointer, std::align_val_t{256}, std::nothrow);
    }
};

// On CUDA the hook would have to give device memory, which only that platform's own tests can make.
class Allocator : public testing::Test {
protected:
    Random random;
    Ledger ledger;
    lposs_allocator hook = ledger.allocator();
    const TestDevice device{LPOSS_DEVICE_CPU, false, "cpu"};

    lposs_context_options options() {
        lposs_context_options with_hook = context_options(device, 2);
        with_hook.allocator = &hook;
        return with_hook;
    }

    SegmentCall call() {
        SegmentCall made;
        made.image = random.image(30, 40);
        made.windows = windows_of(30, 40, 32, 16);
        const int64_t n = spec::patch_count(made.windows, 16);
        made.vlm = random.features(n, 8);
        made.vm = random.features(n, 8);
        made.text = random.unit_rows(4, 8);
        made.prompt_classes = std::vector<int32_t>{0, 1, 2, 1};
        made.classes = 3;
        made.height = 35;
        made.width = 50;
        return made;
    }
};

TEST_F(Allocator, GetsEveryByteBack) {
    std::optional<Graph> graph;
    {
        const Core core(device, options());
        hook = {}; // the context has its own copy
        const SegmentResult with = core.segment(call());
        EXPECT_GT(ledger.allocations, 0);
        lposs_pixel_graph_options pixel_options;
        lposs_pixel_graph_options_init(&pixel_options);
        graph.emplace(core.pixel_graph(random.image(20, 20), pixel_options));
        EXPECT_GE(static_cast<int64_t>(ledger.bytes), core.info().memory_in_use);
    }
    EXPECT_GT(ledger.bytes, 0U) << "the graph still lives";
    graph.reset();
    EXPECT_EQ(ledger.bytes, 0U);
    EXPECT_TRUE(ledger.blocks.empty());
    EXPECT_TRUE(ledger.clean);
}

TEST_F(Allocator, ServesTheCallersOwnMemoryToo) {
    {
        const Core core(device, options());
        void* pointer = nullptr;
        ASSERT_TRUE(succeeded(lposs_memory_allocate(core.context(), 1000, &pointer)));
        EXPECT_EQ(reinterpret_cast<uintptr_t>(pointer) % 256, 0U);
        EXPECT_GE(ledger.bytes, 1000U);
        EXPECT_TRUE(succeeded(lposs_memory_release(core.context(), pointer, 1000)));
    }
    EXPECT_EQ(ledger.bytes, 0U);
}

TEST_F(Allocator, AFailureAnywhereIsReportedAndNothingIsLost) {
    const SegmentCall made = call();
    Array<float> expected;
    {
        const Core core(device, options());
        expected = core.segment(made).scores;
    }
    const int all = ledger.allocations;
    ASSERT_GT(all, 3);
    for (int allowed = 0; allowed < all; ++allowed) {
        ledger.allocations = 0;
        ledger.fail_after = allowed;
        {
            const Core core(device, options());
            try {
                core.segment(made);
                ADD_FAILURE() << "allocation " << allowed << " failed and nobody said so";
            } catch (const std::runtime_error& failure) {
                EXPECT_EQ(std::string(failure.what()).rfind("LPOSS_ERROR_OUT_OF_MEMORY", 0), 0U) << failure.what();
            }
            EXPECT_EQ(core.info().memory_in_use, 0);
            ledger.fail_after = -1; // and the context still works
            EXPECT_TRUE(same_bits(core.segment(made).scores, expected));
        }
        ASSERT_EQ(ledger.bytes, 0U) << "after failure of allocation " << allowed;
    }
    EXPECT_TRUE(ledger.clean);
}

} // namespace
