#include "harness/tensor_errors.h"

#include <cmath>

namespace {

struct GraphErrors : testing::TestWithParam<TestDevice> {
    Context context{GetParam()};

    // Runs a call that makes a graph, frees what it made, and checks that a failure leaves none.
    template <class Make>
    static lposs_status made(Make make) {
        auto* graph = reinterpret_cast<lposs_graph*>(&make);
        const lposs_status status = make(&graph);
        if (status == LPOSS_OK)
            lposs_graph_destroy(graph);
        else
            EXPECT_EQ(graph, nullptr) << "a failure left a graph";
        return status;
    }
};

TEST_P(GraphErrors, FromPatches) {
    HostTensor<float> features({4, 3}, 1), centres({4, 2}, 8);
    lposs_patch_graph_options options;
    lposs_patch_graph_options_init(&options);
    const auto call = [&] {
        return made([&](lposs_graph** g) {
            return lposs_graph_create_from_patches(context, &features, &centres, &options, g);
        });
    };
    expect_tensor_is_checked(features, "features", call);
    expect_tensor_is_checked(centres, "centres", call);
    expect_finite_is_checked(features, "features", call);
    expect_finite_is_checked(centres, "centres", call);
    const auto refuses = [&](auto change, std::initializer_list<std::string> words) {
        const lposs_patch_graph_options right = options;
        change(options);
        const auto result = refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, words);
        options = right;
        return result;
    };
    EXPECT_TRUE(refuses([](auto& o) { o.struct_size = 1; }, {"options", "size"}));
    EXPECT_TRUE(refuses([](auto& o) { o.k = 0; }, {"options.k", "0", "1 or more"}));
    EXPECT_TRUE(refuses([](auto& o) { o.k = -3; }, {"options.k", "-3"}));
    EXPECT_TRUE(refuses([](auto& o) { o.gamma = 0; }, {"options.gamma", "above 0"}));
    EXPECT_TRUE(refuses([](auto& o) { o.gamma = NAN; }, {"options.gamma"}));
    EXPECT_TRUE(refuses([](auto& o) { o.gamma = INFINITY; }, {"options.gamma"}));
    EXPECT_TRUE(refuses([](auto& o) { o.sigma = -0.1F; }, {"options.sigma"}));
    EXPECT_TRUE(refuses([](auto& o) { o.sigma = NAN; }, {"options.sigma"}));
    EXPECT_TRUE(refuses([](auto& o) { o.distance_power = 0; }, {"options.distance_power"}));
    EXPECT_TRUE(refuses([](auto& o) { o.centre = 2; }, {"options.centre", "2", "0 or 1"}));
    lposs_graph* graph = nullptr;
    EXPECT_TRUE(refused(lposs_graph_create_from_patches(context, &features, &centres, &options, nullptr),
                        LPOSS_ERROR_INVALID_ARGUMENT, {"graph", "NULL"}));
    EXPECT_TRUE(refused(lposs_graph_create_from_patches(nullptr, &features, &centres, &options, &graph),
                        LPOSS_ERROR_INVALID_ARGUMENT, {"context", "NULL"}));
    EXPECT_TRUE(refused(lposs_graph_create_from_patches(context, nullptr, &centres, &options, &graph),
                        LPOSS_ERROR_INVALID_ARGUMENT, {"features", "NULL"}));
    centres.shape[0] = 3;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"centres", "[3,2]", "N = 4"}));
}

TEST_P(GraphErrors, FromImage) {
    HostTensor<uint8_t> image({5, 6, 3}, 9);
    lposs_pixel_graph_options options;
    lposs_pixel_graph_options_init(&options);
    const auto call = [&] {
        return made([&](lposs_graph** g) { return lposs_graph_create_from_image(context, &image, &options, g); });
    };
    expect_tensor_is_checked(image, "image", call);
    const auto refuses = [&](auto change, std::initializer_list<std::string> words) {
        const lposs_pixel_graph_options right = options;
        change(options);
        const auto result = refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, words);
        options = right;
        return result;
    };
    EXPECT_TRUE(refuses([](auto& o) { o.struct_size = 1; }, {"options", "size"}));
    EXPECT_TRUE(refuses([](auto& o) { o.tau = 0; }, {"options.tau", "above 0"}));
    EXPECT_TRUE(refuses([](auto& o) { o.tau = -1; }, {"options.tau", "-1"}));
    EXPECT_TRUE(refuses([](auto& o) { o.tau = NAN; }, {"options.tau"}));
    EXPECT_TRUE(refuses([](auto& o) { o.radius = 0; }, {"options.radius", "0", "1 to 15"}));
    EXPECT_TRUE(refuses([](auto& o) { o.radius = 16; }, {"options.radius", "16", "1 to 15"}));
    image.shape[2] = 1;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"image", "[5,6,1]"}));
    image.shape[2] = 3;
    image.shape[0] = 0;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"image", "[0,6,3]"}));
    HostTensor<float> floats({2, 2, 3}, 0.5F);
    expect_finite_is_checked(floats, "image", [&] {
        return made([&](lposs_graph** g) { return lposs_graph_create_from_image(context, &floats, nullptr, g); });
    });
}

TEST_P(GraphErrors, FromCsr) {
    HostTensor<int64_t> rows(Array<int64_t>({4}, {0, 2, 4, 6}));
    HostTensor<int32_t> columns(Array<int32_t>({6}, {1, 2, 0, 2, 0, 1}));
    HostTensor<float> weights(Array<float>({6}, {5, 6, 5, 7, 6, 7}));
    const auto call = [&] {
        return made(
            [&](lposs_graph** g) { return lposs_graph_create_from_csr(context, &rows, &columns, &weights, g); });
    };
    expect_tensor_is_checked(rows, "row_offsets", call);
    expect_tensor_is_checked(columns, "columns", call);
    expect_tensor_is_checked(weights, "weights", call);
    expect_finite_is_checked(weights, "weights", call);
    const auto with = [&](auto& tensor, int64_t at, auto value, std::initializer_list<std::string> words) {
        auto& element = tensor.array.values[static_cast<size_t>(at)];
        const auto right = element;
        element = static_cast<std::remove_reference_t<decltype(element)>>(value);
        const auto result = refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, words);
        element = right;
        return result;
    };
    EXPECT_TRUE(with(rows, 0, 1, {"row_offsets", "from 1", "from 0 to 6"}));
    EXPECT_TRUE(with(rows, 3, 5, {"row_offsets", "to 5", "to 6"}));
    EXPECT_TRUE(with(rows, 1, 5, {"row_offsets"}));
    EXPECT_TRUE(with(rows, 1, -1, {"row_offsets", "-1"}));
    EXPECT_TRUE(with(rows, 2, INT64_MAX, {"row_offsets"}));
    EXPECT_TRUE(with(columns, 1, 3, {"columns", "3", "0 to 2"}));
    EXPECT_TRUE(with(columns, 0, -1, {"columns", "-1"}));
    EXPECT_TRUE(with(columns, 0, 2, {"columns", "ascending"})); // row 0: 2, 2
    EXPECT_TRUE(with(columns, 5, 0, {"columns", "ascending"})); // row 2: 0, 0
    EXPECT_TRUE(with(columns, 0, 0, {"weights", "symmetric"})); // row 0 has lost its edge to 1
    EXPECT_TRUE(with(weights, 2, 5.0001F, {"weights", "symmetric"}));
    EXPECT_TRUE(with(weights, 1, -1, {"weights", "-1", "0 or more"}));
    weights.shape[0] = 5;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"weights", "[5]", "E = 6"}));
    weights.shape[0] = 6;
    rows.memory = LPOSS_MEMORY_CUDA;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"row_offsets", "host"}));
}

TEST_P(GraphErrors, Propagate) {
    HostTensor<uint8_t> image({2, 3, 3}, 9);
    lposs_graph* made_graph = nullptr;
    ASSERT_TRUE(succeeded(lposs_graph_create_from_image(context, &image, nullptr, &made_graph)));
    const Graph graph(made_graph);
    HostTensor<float> y({6, 4}, 1), x({6, 4});
    lposs_solver_options options;
    lposs_solver_options_init(&options);
    lposs_solve_report report;
    lposs_solve_report_init(&report);
    const auto call = [&] { return lposs_graph_propagate(context, graph, &y, &options, &x, &report); };
    expect_tensor_is_checked(y, "y", call);
    expect_tensor_is_checked(x, "x", call);
    expect_finite_is_checked(y, "y", call, true);
    const auto refuses = [&](auto change, std::initializer_list<std::string> words) {
        const lposs_solver_options right = options;
        change(options);
        const auto result = refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, words);
        options = right;
        return result;
    };
    EXPECT_TRUE(refuses([](auto& o) { o.struct_size = 0; }, {"options", "size"}));
    EXPECT_TRUE(refuses([](auto& o) { o.alpha = 1; }, {"options.alpha", "1", "less than 1"}));
    EXPECT_TRUE(refuses([](auto& o) { o.alpha = -0.01F; }, {"options.alpha"}));
    EXPECT_TRUE(refuses([](auto& o) { o.alpha = NAN; }, {"options.alpha"}));
    EXPECT_TRUE(refuses([](auto& o) { o.tolerance = -1; }, {"options.tolerance"}));
    EXPECT_TRUE(refuses([](auto& o) { o.tolerance = NAN; }, {"options.tolerance"}));
    EXPECT_TRUE(refuses([](auto& o) { o.max_steps = 0; }, {"options.max_steps", "0"}));
    EXPECT_TRUE(refuses([](auto& o) { o.max_steps = 10001; }, {"options.max_steps", "10001"}));
    EXPECT_TRUE(refuses([](auto& o) { o.subtract_class_mean = 7; }, {"options.subtract_class_mean", "7"}));
    report.struct_size = 3;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"report", "size"}));
    report.struct_size = sizeof report;
    report.column_capacity = -1;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"report.column_capacity", "-1"}));
    report.column_capacity = 0;
    EXPECT_TRUE(refused(lposs_graph_propagate(nullptr, graph, &y, nullptr, &x, nullptr), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"context", "NULL"}));
    EXPECT_TRUE(refused(lposs_graph_propagate(context, nullptr, &y, nullptr, &x, nullptr), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"graph", "NULL"}));
    EXPECT_TRUE(refused(lposs_graph_propagate(context, graph, nullptr, nullptr, &x, nullptr),
                        LPOSS_ERROR_INVALID_ARGUMENT, {"y", "NULL"}));
    EXPECT_TRUE(refused(lposs_graph_propagate(context, graph, &y, nullptr, nullptr, nullptr),
                        LPOSS_ERROR_INVALID_ARGUMENT, {"x", "NULL"}));
    y.shape[0] = 5;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"y", "[5,4]", "N = 6"}));
    y.shape[0] = 6;
    y.shape[1] = 0;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"y"}));
    y.shape[1] = 4;
    x.data = static_cast<float*>(y.data) + 4;
    EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, {"x", "overlaps", "y"}));
}

TEST_P(GraphErrors, GetInfo) {
    lposs_graph_info info;
    lposs_graph_info_init(&info);
    EXPECT_TRUE(refused(lposs_graph_get_info(nullptr, &info), LPOSS_ERROR_INVALID_ARGUMENT, {"graph", "NULL"}));
    HostTensor<uint8_t> image({1, 1, 3});
    lposs_graph* made_graph = nullptr;
    ASSERT_TRUE(succeeded(lposs_graph_create_from_image(context, &image, nullptr, &made_graph)));
    const Graph graph(made_graph);
    EXPECT_TRUE(refused(lposs_graph_get_info(graph, nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"info", "NULL"}));
    info.struct_size = 1;
    EXPECT_TRUE(refused(lposs_graph_get_info(graph, &info), LPOSS_ERROR_INVALID_ARGUMENT, {"info", "size"}));
}

INSTANTIATE_TEST_SUITE_P(On, GraphErrors, testing::ValuesIn(host_test_devices()), device_name);

} // namespace
