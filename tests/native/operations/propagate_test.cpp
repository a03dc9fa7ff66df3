// The solver, over the caller's own graphs, whose weights both sides know exactly.
#include "harness/csr.h"
#include "harness/device_test.h"
#include "harness/refusal.h"
#include "spec/conjugate_gradient.h"

#include <cmath>
#include <limits>

namespace {

lposs_solver_options solver(float alpha = 0.95F, float tolerance = 1e-6F, int32_t steps = 10, int32_t mean = 0) {
    return {sizeof(lposs_solver_options), alpha, tolerance, steps, mean, {}};
}

class Propagate : public DeviceTest {
protected:
    Graph graph_of(const Csr& csr) { return core.csr_graph(csr.row_offsets, csr.columns, csr.weights); }

    void expect_spec(const Csr& csr, const Array<float>& y, const lposs_solver_options& options) {
        const SolveResult found = core.propagate(graph_of(csr), y, options);
        const spec::Solution expected = spec::propagate(spec_graph(csr), cast<double>(y), options);
        EXPECT_TRUE(close(found.x, expected.x, tolerance::solve));
        expect_report(found, expected, options);
    }

    static void expect_report(const SolveResult& found, const spec::Solution& expected,
                              const lposs_solver_options& options) {
        const size_t columns = expected.steps.size();
        EXPECT_EQ(found.report.column_count, static_cast<int32_t>(columns));
        int32_t converged = 0;
        float largest = 0;
        for (size_t c = 0; c < columns; ++c) {
            // A residual that stands at the tolerance may be seen on either side of it.
            EXPECT_NEAR(found.steps[c], expected.steps[c], 1) << "column " << c;
            if (found.steps[c] == expected.steps[c]) {
                EXPECT_NEAR(static_cast<double>(found.residuals[c]), expected.residuals[c],
                            tolerance::residual * expected.residuals[c] + tolerance::residual_floor)
                    << "column " << c;
            }
            converged += found.residuals[c] <= options.tolerance ? 1 : 0;
            largest = std::max(largest, found.residuals[c]);
        }
        EXPECT_EQ(found.report.converged, converged);
        EXPECT_EQ(found.report.largest_residual, largest);
        EXPECT_TRUE(std::isfinite(found.report.milliseconds) && found.report.milliseconds >= 0);
    }
};

TEST_P(Propagate, GraphsOfAnyShape) {
    expect_spec(random_csr(random, 1, 0, 0, false), random.array({1, 3}), solver());
    expect_spec(random_csr(random, 1, 4, 0, true), random.array({1, 3}), solver());
    expect_spec(random_csr(random, 2, 3, 0, false), random.array({2, 1}), solver());
    for (int64_t round = 0; round < sized(15, 3); ++round) {
        const int64_t nodes = random.integer(2, sized(400, 60)), columns = random.integer(1, 40);
        const double degree = random.uniform(0, 30);
        FOR_SHAPE(nodes, columns, static_cast<int64_t>(degree));
        expect_spec(random_csr(random, nodes, degree, 3, random.chance(0.5)), random.array({nodes, columns}), solver());
    }
}

TEST_P(Propagate, AnyNumberOfColumns) {
    const Csr csr = random_csr(random, sized(120, 40), 12, 2, true);
    const int64_t nodes = csr.row_offsets.size() - 1;
    for (const int64_t columns : {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 21, 32, 33, 64, 65, 171}) {
        FOR_SHAPE(nodes, columns);
        expect_spec(csr, random.array({nodes, columns}), solver());
    }
}

TEST_P(Propagate, EveryParameterIsTheSpecs) {
    const Csr csr = random_csr(random, 90, 10, 2, true);
    const Array<float> y = random.array({90, 5});
    for (const lposs_solver_options& options :
         {solver(0), solver(0.5F), solver(0.99F), solver(0.95F, 1e-6F, 1), solver(0.95F, 1e-6F, 3), solver(0.9F, 0.1F),
          solver(0.9F, 0.5F), solver(0.9F, 0), solver(0.95F, 1e-6F, 10, 1)}) {
        SCOPED_TRACE(testing::Message() << "alpha " << options.alpha << ", tolerance " << options.tolerance << ", "
                                        << options.max_steps << " steps, mean " << options.subtract_class_mean);
        expect_spec(csr, y, options);
    }
}

TEST_P(Propagate, ManyStepsSolveTheSystem) {
    const Csr csr = random_csr(random, 150, 8, 1, false);
    const SolveResult found = core.propagate(graph_of(csr), random.array({150, 6}), solver(0.95F, 1e-6F, 500));
    EXPECT_EQ(found.report.converged, 6);
    EXPECT_LE(found.report.largest_residual, 1e-6F);
    for (const int32_t steps : found.steps) EXPECT_LT(steps, 200);
}

TEST_P(Propagate, WithAlphaZeroNothingChanges) {
    const Csr csr = random_csr(random, 50, 6, 1, false);
    const Array<float> y = random.array({50, 3});
    const SolveResult found = core.propagate(graph_of(csr), y, solver(0));
    EXPECT_TRUE(close(found.x, cast<double>(y), tolerance::solve));
    for (const int32_t steps : found.steps) EXPECT_EQ(steps, 1);
}

TEST_P(Propagate, AZeroColumnStaysZero) {
    const Csr csr = random_csr(random, 60, 9, 1, false);
    Array<float> y = random.array({60, 20});
    for (int64_t i = 0; i < 60; ++i) y(i, 0) = y(i, 13) = y(i, 19) = 0;
    const SolveResult found = core.propagate(graph_of(csr), y, solver());
    for (const int64_t c : {0, 13, 19}) {
        for (int64_t i = 0; i < 60; ++i) ASSERT_EQ(found.x(i, c), 0.0F);
        EXPECT_EQ(found.steps[static_cast<size_t>(c)], 0);
        EXPECT_EQ(found.residuals[static_cast<size_t>(c)], 0.0F);
    }
    expect_spec(csr, y, solver());
    expect_spec(csr, Array<float>({60, 2}), solver());
}

TEST_P(Propagate, ColumnsStopByThemselves) {
    const Csr csr = random_csr(random, 80, 10, 1, false);
    Array<float> y = random.array({80, 9});
    for (int64_t i = 0; i < 80; ++i) y(i, 4) = i % 7 == 3 ? 1.0F : 0.0F; // lone nodes only: solved in one step
    const SolveResult found = core.propagate(graph_of(csr), y, solver());
    EXPECT_EQ(found.steps[4], 1);
    EXPECT_EQ(found.steps[0], 10);
    expect_spec(csr, y, solver());
}

TEST_P(Propagate, HugeAndTinyWeightsAndScores) {
    for (const float scale : {1e-15F, 1e15F})
        for (const float factor : {1e-30F, 1e30F}) {
            SCOPED_TRACE(testing::Message() << "weights " << factor << ", scores " << scale);
            Csr csr = random_csr(random, 70, 8, 1, false);
            for (float& weight : csr.weights.values) weight *= factor;
            Array<float> y = random.array({70, 3});
            for (float& value : y.values) value *= scale;
            expect_spec(csr, y, solver());
        }
}

// Host memory is read beforehand; what lies on a device shows in the solve.
TEST_P(Propagate, WhatIsNotFiniteIsAnErrorWhereverItLies) {
    const Graph graph = graph_of(random_csr(random, 30, 6, 1, false));
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -3e38F}) {
        Array<float> values = random.array({30, 6});
        for (int64_t i = 0; i < 30; ++i) values(i, 4) = bad;
        const auto y = core.input(values);
        auto x = core.output<float>({30, 6});
        lposs_solve_report report;
        lposs_solve_report_init(&report);
        const lposs_status status =
            lposs_graph_propagate(core.context(), graph, &y.tensor(), nullptr, &x.tensor(), &report);
        EXPECT_TRUE(refused(status, LPOSS_ERROR_NOT_FINITE, {"4"}));
    }
}

TEST_P(Propagate, EdgesOfWeightZeroAreNone) {
    Csr csr = random_csr(random, 40, 6, 1, false);
    for (int64_t i = 0; i < 40; ++i)
        for (int64_t e = csr.row_offsets(i); e < csr.row_offsets(i + 1); ++e)
            if (i < 4 || csr.columns(e) < 4) csr.weights(e) = 0; // four nodes lose all their edges
    expect_spec(csr, random.array({40, 3}), solver());
}

TEST_P(Propagate, InPlaceGivesTheSameBits) {
    const Csr csr = random_csr(random, 100, 10, 2, true);
    const Graph graph = graph_of(csr);
    const Array<float> y = random.array({100, 21});
    for (const int32_t mean : {0, 1})
        EXPECT_TRUE(same_bits(core.propagate_in_place(graph, y, solver(0.95F, 1e-6F, 10, mean)),
                              core.propagate(graph, y, solver(0.95F, 1e-6F, 10, mean)).x));
}

TEST_P(Propagate, AReportOfFewerColumnsIsFilledAsFarAsItGoes) {
    const Graph graph = graph_of(random_csr(random, 30, 6, 1, false));
    const auto y = core.input(random.array({30, 5}));
    auto x = core.output<float>({30, 5});
    int32_t steps[5] = {-7, -7, -7, -7, -7};
    lposs_solve_report report;
    lposs_solve_report_init(&report);
    report.column_capacity = 2;
    report.steps = steps;
    ASSERT_TRUE(succeeded(lposs_graph_propagate(core.context(), graph, &y.tensor(), nullptr, &x.tensor(), &report)));
    EXPECT_EQ(report.column_count, 5);
    EXPECT_GT(steps[0], 0);
    EXPECT_GT(steps[1], 0);
    EXPECT_EQ(steps[2], -7);
}

ON_ALL_DEVICES(Propagate);

} // namespace
