// What lposs_option_get_info() says is what the calls do: at each bound, and just beyond it.
#include "harness/core.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <string>

namespace {

std::vector<lposs_option_info> all_options() {
    int32_t count = 0;
    EXPECT_EQ(lposs_option_count(&count), LPOSS_OK);
    std::vector<lposs_option_info> infos(static_cast<size_t>(count));
    for (int32_t i = 0; i < count; ++i) {
        lposs_option_info_init(&infos[static_cast<size_t>(i)]);
        EXPECT_EQ(lposs_option_get_info(i, &infos[static_cast<size_t>(i)]), LPOSS_OK) << lposs_last_error();
    }
    return infos;
}

/// The field of an option, set in the options of a refinement or a whole segmentation.
void set(lposs_segment_options& options, const std::string& name, double value) {
    const auto integer = static_cast<int32_t>(value);
    const auto real = static_cast<float>(value);
    if (name == "patch_graph.k")
        options.patch_graph.k = integer;
    else if (name == "patch_graph.gamma")
        options.patch_graph.gamma = real;
    else if (name == "patch_graph.sigma")
        options.patch_graph.sigma = real;
    else if (name == "patch_graph.distance_power")
        options.patch_graph.distance_power = real;
    else if (name == "patch_graph.centre")
        options.patch_graph.centre = integer;
    else if (name == "pixel_graph.tau")
        options.pixel_graph.tau = real;
    else if (name == "pixel_graph.radius")
        options.pixel_graph.radius = integer;
    else if (name == "solver.alpha")
        options.patch_solver.alpha = options.pixel_solver.alpha = real;
    else if (name == "solver.tolerance")
        options.patch_solver.tolerance = options.pixel_solver.tolerance = real;
    else if (name == "solver.max_steps")
        options.patch_solver.max_steps = options.pixel_solver.max_steps = integer;
    else if (name == "solver.subtract_class_mean")
        options.patch_solver.subtract_class_mean = options.pixel_solver.subtract_class_mean = integer;
    else
        ADD_FAILURE() << "there is no test for " << name;
}

/// "" or the text of the refusal. Options are checked before inputs are, so that these may be empty.
std::string refusal(const std::string& name, double value) {
    static const Context context{TestDevice{}};
    lposs_segment_options options;
    lposs_segment_options_init(&options);
    set(options, name, value);
    lposs_segment_inputs inputs;
    lposs_segment_inputs_init(&inputs);
    lposs_segment_outputs outputs;
    lposs_segment_outputs_init(&outputs);
    int64_t bytes = 0;
    EXPECT_EQ(lposs_segment_get_memory(context, &inputs, &options, &outputs, &bytes), LPOSS_ERROR_INVALID_ARGUMENT);
    const std::string text = lposs_last_error();
    return text.find("options.") == 0 ? text : "";
}

/// The next value that the option's type has, up or down.
double beside(const lposs_option_info& info, double value, double direction) {
    if (info.is_integer) return value + direction;
    return static_cast<double>(std::nextafter(static_cast<float>(value), static_cast<float>(direction * INFINITY)));
}

TEST(Options, AreListedWithTheirDefaults) {
    const auto infos = all_options();
    ASSERT_EQ(infos.size(), 11U);
    for (const lposs_option_info& info : infos) {
        EXPECT_GE(info.standard, info.minimum) << info.name;
        EXPECT_LE(info.standard, info.maximum) << info.name;
        EXPECT_EQ(refusal(info.name, info.standard), "") << info.name;
    }
}

TEST(Options, HaveTheBoundsThatTheListSays) {
    for (const lposs_option_info& info : all_options()) {
        const double least = info.excludes_minimum ? beside(info, info.minimum, 1) : info.minimum;
        EXPECT_EQ(refusal(info.name, least), "") << info.name;
        EXPECT_NE(refusal(info.name, beside(info, least, -1)), "") << info.name;
        if (std::isinf(info.maximum)) continue;
        const double most = info.excludes_maximum ? beside(info, info.maximum, -1) : info.maximum;
        EXPECT_EQ(refusal(info.name, most), "") << info.name;
        EXPECT_NE(refusal(info.name, beside(info, most, 1)), "") << info.name;
    }
}

TEST(Options, AreNeitherInfiniteNorNan) {
    for (const lposs_option_info& info : all_options()) {
        if (info.is_integer) continue;
        for (const double wrong : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
            EXPECT_NE(refusal(info.name, wrong), "") << info.name;
    }
}

TEST(Options, EndAtTheirCount) {
    lposs_option_info info;
    lposs_option_info_init(&info);
    for (const int32_t wrong : {-1, 11}) {
        EXPECT_EQ(lposs_option_get_info(wrong, &info), LPOSS_ERROR_INVALID_ARGUMENT);
        EXPECT_NE(std::string(lposs_last_error()).find("0 to 10"), std::string::npos) << lposs_last_error();
    }
    EXPECT_EQ(lposs_option_get_info(0, nullptr), LPOSS_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(lposs_option_count(nullptr), LPOSS_ERROR_INVALID_ARGUMENT);
}

} // namespace
