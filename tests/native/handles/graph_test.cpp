#include "harness/csr.h"
#include "harness/device_test.h"

#include <optional>
#include <thread>

namespace {

lposs_solver_options solver() {
    lposs_solver_options options;
    lposs_solver_options_init(&options);
    return options;
}

class GraphHandle : public testing::TestWithParam<TestDevice> {
protected:
    Random random;

    // One of each kind, made by a context of its own that is gone when they are used.
    std::vector<Graph> graphs_of_a_context_that_is_gone() {
        std::vector<Graph> graphs;
        const Core core(GetParam());
        Array<float> centres({60, 2});
        for (float& value : centres.values) value = static_cast<float>(random.integer(0, 99));
        lposs_patch_graph_options patch_options;
        lposs_patch_graph_options_init(&patch_options);
        patch_options.k = 12;
        lposs_pixel_graph_options pixel_options;
        lposs_pixel_graph_options_init(&pixel_options);
        const Csr csr = random_csr(random, 60, 8, 1, false);
        graphs.push_back(core.patch_graph(random.features(60, 16), centres, patch_options));
        graphs.push_back(core.pixel_graph(random.image(6, 10), pixel_options));
        graphs.push_back(core.csr_graph(csr.row_offsets, csr.columns, csr.weights));
        return graphs;
    }
};

TEST_P(GraphHandle, OutlivesItsContext) {
    const std::vector<Graph> graphs = graphs_of_a_context_that_is_gone();
    const Array<float> y = random.array({60, 7});
    for (const Graph& graph : graphs) {
        EXPECT_EQ(graph.info().node_count, 60);
        EXPECT_GT(graph.info().memory, 0);
        const Core one(GetParam(), 1), two(GetParam(), 2);
        EXPECT_TRUE(same_bits(one.propagate(graph, y, solver()).x, two.propagate(graph, y, solver()).x));
    }
}

TEST_P(GraphHandle, IsSharedByContextsInTwoThreads) {
    const std::vector<Graph> graphs = graphs_of_a_context_that_is_gone();
    const Array<float> y = random.array({60, 21});
    for (const Graph& graph : graphs) {
        const Array<float> expected = Core(GetParam(), 1).propagate(graph, y, solver()).x;
        Array<float> found[2];
        std::vector<std::thread> threads;
        for (Array<float>& x : found)
            threads.emplace_back([&] {
                const Core core(GetParam(), 2);
                for (int repeat = 0; repeat < 20; ++repeat) x = core.propagate(graph, y, solver()).x;
            });
        for (std::thread& thread : threads) thread.join();
        for (const Array<float>& x : found) EXPECT_TRUE(same_bits(x, expected));
    }
}

TEST_P(GraphHandle, MemoryInUseFallsWhenItIsDestroyed) {
    const Core core(GetParam());
    const int64_t before = core.info().memory_in_use;
    std::optional<Graph> graph;
    lposs_pixel_graph_options options;
    lposs_pixel_graph_options_init(&options);
    graph.emplace(core.pixel_graph(random.image(40, 30), options));
    EXPECT_GE(core.info().memory_in_use - before, graph->info().memory);
    graph.reset();
    EXPECT_EQ(core.info().memory_in_use, before);
}

INSTANTIATE_TEST_SUITE_P(On, GraphHandle, testing::ValuesIn(host_test_devices()), device_name);

} // namespace
