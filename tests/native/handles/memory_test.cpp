// Memory queries are true: never less than what is taken, and not absurdly more.
#include "harness/device_test.h"
#include "harness/tensor_errors.h"
#include "spec/windows.h"

namespace {

class Memory : public testing::TestWithParam<TestDevice> {
protected:
    Random random;

    SegmentCall call(int64_t height, int64_t width, int64_t prompts, int64_t classes, lposs_mode mode) {
        SegmentCall made;
        made.image = random.image(height, width);
        made.windows = windows_of(height, width, 64, 32);
        const int64_t n = spec::patch_count(made.windows, 16);
        made.vlm = random.features(n, 16);
        made.vm = random.features(n, 24);
        made.text = random.unit_rows(prompts, 16);
        if (prompts != classes) made.prompt_classes = random.prompt_classes(prompts, classes);
        made.classes = classes;
        made.height = height + 11;
        made.width = width + 7;
        made.options.mode = mode;
        made.options.patch_graph.k = 30;
        return made;
    }

    // The bound may be above the truth by what rounding to blocks costs and by phases that it does not tell apart.
    static void expect_true(const SegmentResult& result) {
        EXPECT_LE(result.peak_bytes, result.planned_bytes);
        EXPECT_GE(result.peak_bytes * 2 + (1 << 18), result.planned_bytes);
    }
};

TEST_P(Memory, SegmentTakesWhatItsQuerySays) {
    for (const lposs_mode mode : {LPOSS_MODE_VLM, LPOSS_MODE_LPOSS, LPOSS_MODE_LPOSS_PLUS})
        for (const int64_t prompts : {1, 7, 40}) {
            if (small_scale() && prompts > 7) break;
            SCOPED_TRACE(testing::Message() << "mode " << mode << ", " << prompts << " prompts");
            const SegmentCall made = call(sized(150, 24), sized(130, 30), prompts, (prompts + 1) / 2, mode);
            expect_true(Core(GetParam(), 2).segment(made));
        }
}

TEST_P(Memory, WhatIsAllocatedCountsUnderTheLimit) {
    const SegmentCall made = call(sized(120, 40), sized(110, 44), sized(30, 16), sized(24, 13), LPOSS_MODE_LPOSS_PLUS);
    const SegmentResult whole = Core(GetParam(), 2).segment(made);
    lposs_context_options options = context_options(GetParam(), 2);
    options.memory_limit = 2 * whole.planned_bytes;
    const Core core(GetParam(), options);
    const int64_t left = whole.planned_bytes * 4 / 5, lent = options.memory_limit - left;
    void* pointer = nullptr;
    ASSERT_TRUE(succeeded(lposs_memory_allocate(core.context(), lent, &pointer)));
    EXPECT_LE(core.segment(made).planned_bytes, left);
    EXPECT_LE(core.info().memory_peak, options.memory_limit);
    ASSERT_TRUE(succeeded(lposs_memory_release(core.context(), pointer, lent)));
}

TEST_P(Memory, UnderALimitClassesComeInBlocksWithTheSameResult) {
    const SegmentCall made = call(sized(120, 40), sized(110, 44), sized(30, 16), sized(24, 13), LPOSS_MODE_LPOSS_PLUS);
    const SegmentResult whole = Core(GetParam(), 2).segment(made);
    int64_t limit = whole.planned_bytes;
    int64_t least = limit;
    for (int step = 0; step < 8; ++step) {
        limit = limit * 4 / 5;
        lposs_context_options options = context_options(GetParam(), 2);
        options.memory_limit = limit;
        const Core core(GetParam(), options);
        SegmentResult blocked;
        try {
            blocked = core.segment(made);
        } catch (const std::runtime_error& failure) {
            EXPECT_EQ(std::string(failure.what()).rfind("LPOSS_ERROR_MEMORY_LIMIT", 0), 0U) << failure.what();
            break;
        }
        EXPECT_LE(blocked.planned_bytes, limit);
        expect_true(blocked);
        EXPECT_LE(core.info().memory_peak, limit);
        EXPECT_TRUE(close(blocked.scores, cast<double>(whole.scores), tolerance::solve));
        EXPECT_TRUE(labels_win(blocked.labels, cast<double>(whole.scores), tolerance::label_tie));
        EXPECT_EQ(blocked.report.pixel.column_count, whole.report.pixel.column_count);
        least = limit;
    }
    EXPECT_LT(least, whole.planned_bytes) << "no limit below the whole was enough";
}

TEST_P(Memory, RefinementTakesWhatItsQuerySays) {
    for (const int32_t radius : {1, 6, 15})
        for (const int64_t classes : {1, 21, 60})
            for (const bool resized : {false, true}) {
                if (small_scale() && classes > 21) break;
                SCOPED_TRACE(testing::Message() << "radius " << radius << ", " << classes << " classes");
                RefineCall call;
                call.height = sized(70, 20);
                call.width = sized(90, 24);
                call.image = random.image(call.height, call.width);
                call.scores =
                    resized ? random.array({9, 11, classes}) : random.array({call.height, call.width, classes});
                call.classes = classes;
                call.options.graph.radius = radius;
                expect_true(Core(GetParam(), 2).refine(call));
            }
}

TEST_P(Memory, ALimitHoldsForTheCallersMemoryToo) {
    lposs_context_options options = context_options(GetParam());
    options.memory_limit = 1 << 20;
    const Core core(GetParam(), options);
    void *first = nullptr, *second = nullptr;
    ASSERT_TRUE(succeeded(lposs_memory_allocate(core.context(), 700000, &first)));
    EXPECT_TRUE(refused(lposs_memory_allocate(core.context(), 700000, &second), LPOSS_ERROR_MEMORY_LIMIT,
                        {"memory_limit", "1048576"}));
    EXPECT_EQ(second, nullptr);
    ASSERT_TRUE(succeeded(lposs_memory_release(core.context(), first, 700000)));
    EXPECT_TRUE(
        succeeded(lposs_memory_allocate(core.context(), 1000000, &second))); // the first block is given back for it
    EXPECT_TRUE(succeeded(lposs_memory_release(core.context(), second, 1000000)));
}

TEST_P(Memory, ListsOfClassesCountUnderALimit) {
    lposs_context_options options = context_options(GetParam());
    options.memory_limit = 1 << 20;
    const Context context(options);
    HostTensor<uint8_t> image({2, 2, 3}, 100);
    HostTensor<int32_t> coarse({2, 2}, 1), labels({2, 2});
    lposs_refine_inputs inputs;
    lposs_refine_inputs_init(&inputs);
    inputs.image = image;
    inputs.labels = coarse;
    lposs_segment_outputs outputs;
    lposs_segment_outputs_init(&outputs);
    outputs.labels = labels;
    inputs.classes = 21;
    EXPECT_TRUE(succeeded(lposs_image_refine(context, &inputs, nullptr, &outputs, nullptr)));
    for (const int32_t many : {30000, 100000000}) {
        inputs.classes = many;
        EXPECT_TRUE(refused(lposs_image_refine(context, &inputs, nullptr, &outputs, nullptr), LPOSS_ERROR_MEMORY_LIMIT,
                            {"memory_limit", "1048576", std::to_string(many) + " prompts"}));
    }
}

TEST_P(Memory, ThePeakStartsAnewWhenAsked) {
    const Core core(GetParam());
    core.resize(random.array({4, 4, 2}), 9, 9);
    void* pointer = nullptr;
    ASSERT_TRUE(succeeded(lposs_memory_allocate(core.context(), 500000, &pointer)));
    EXPECT_GE(core.info().memory_in_use, 500000);
    ASSERT_TRUE(succeeded(lposs_memory_release(core.context(), pointer, 500000)));
    EXPECT_GE(core.info().memory_peak, 500000);
    EXPECT_EQ(core.info().memory_in_use, 0);
    ASSERT_TRUE(succeeded(lposs_context_reset_memory_peak(core.context())));
    EXPECT_EQ(core.info().memory_peak, 0);
}

INSTANTIATE_TEST_SUITE_P(On, Memory, testing::ValuesIn(host_test_devices()), device_name);

} // namespace
