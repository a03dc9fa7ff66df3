#include "lposs/lposs.h"

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(Version, IsTheHeaders) {
    EXPECT_EQ(lposs_version(), LPOSS_VERSION);
    EXPECT_EQ(lposs_version_string(), std::to_string(LPOSS_VERSION_MAJOR) + "." + std::to_string(LPOSS_VERSION_MINOR) +
                                          "." + std::to_string(LPOSS_VERSION_PATCH));
}

TEST(Status, HasAName) {
    EXPECT_STREQ(lposs_status_name(LPOSS_OK), "LPOSS_OK");
    EXPECT_STREQ(lposs_status_name(LPOSS_ERROR_MEMORY_LIMIT), "LPOSS_ERROR_MEMORY_LIMIT");
    EXPECT_STREQ(lposs_status_name(LPOSS_ERROR_INTERNAL), "LPOSS_ERROR_INTERNAL");
    EXPECT_STREQ(lposs_status_name(-1), "unknown status");
    EXPECT_STREQ(lposs_status_name(LPOSS_ERROR_BUSY), "LPOSS_ERROR_BUSY");
    EXPECT_STREQ(lposs_status_name(11), "unknown status");
}

TEST(Options, DefaultToThePapersParameters) {
    lposs_segment_options options;
    lposs_segment_options_init(&options);
    EXPECT_EQ(options.struct_size, sizeof options);
    EXPECT_EQ(options.mode, LPOSS_MODE_LPOSS_PLUS);
    EXPECT_EQ(options.patch_graph.k, 400);
    EXPECT_EQ(options.patch_graph.gamma, 3.0F);
    EXPECT_EQ(options.patch_graph.sigma, 0.01F);
    EXPECT_EQ(options.patch_graph.distance_power, 1.0F);
    EXPECT_EQ(options.patch_graph.centre, 0);
    EXPECT_EQ(options.pixel_graph.tau, 0.01F);
    EXPECT_EQ(options.pixel_graph.radius, 6);
    for (const lposs_solver_options& solver : {options.patch_solver, options.pixel_solver}) {
        EXPECT_EQ(solver.struct_size, sizeof solver);
        EXPECT_EQ(solver.alpha, 0.95F);
        EXPECT_EQ(solver.tolerance, 1e-6F);
        EXPECT_EQ(solver.max_steps, 10);
        EXPECT_EQ(solver.subtract_class_mean, 0);
    }
}

} // namespace
