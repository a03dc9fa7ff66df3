// Vectors are [nodes,columns]. A thread keeps to one column, so that it needs the column's scalars once, and
// neighbouring threads touch neighbouring floats. Dot products have two stages: a partial sum in double for
// each block and column, then one block per column that adds them in a fixed order and moves the column's
// scalars on.
#include "cuda/conjugate_gradient.h"

#include "cuda/block.cuh"

#include <algorithm>
#include <vector>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;

/// The nodes and the column of a thread: up to `threads` columns lie side by side, as often as they fit a
/// block; blockIdx.y counts the rest of the columns.
struct Lane {
    int width; ///< columns of this block
    int rows;  ///< nodes that the block touches at a time
    int row;   ///< this thread's; rows or more: it is idle
    int column;
    int64_t first, step; ///< nodes
};

__device__ __forceinline__ Lane find_lane(int columns) {
    const int thread = static_cast<int>(threadIdx.x);
    const int first_column = static_cast<int>(blockIdx.y) * threads;
    Lane lane;
    lane.width = min(columns - first_column, threads);
    lane.rows = threads / lane.width;
    lane.row = thread / lane.width;
    lane.column = first_column + thread % lane.width;
    lane.step = int64_t{gridDim.x} * lane.rows;
    lane.first = int64_t{blockIdx.x} * lane.rows + lane.row;
    return lane;
}

/// Adds the block's sums per column in a fixed order and stores them: partials [columns][gridDim.x].
__device__ __forceinline__ void store_partial(const Lane& lane, double sum, double* partials) {
    GPU_SHARED(double, sums, [threads]);
    const int thread = static_cast<int>(threadIdx.x);
    sums[thread] = sum;
    __syncthreads();
    for (int rows = lane.rows; rows > 1;) {
        const int half = (rows + 1) / 2;
        if (lane.row < rows - half) sums[thread] += sums[thread + half * lane.width];
        rows = half;
        __syncthreads();
    }
    if (lane.row == 0) partials[int64_t{lane.column} * gridDim.x + blockIdx.x] = sums[thread];
}

/// The sum of a column's partials, in every thread.
__device__ __forceinline__ double total(const double* partials, int64_t count) {
    double sum = 0.0;
    for (int64_t i = threadIdx.x; i < count; i += threads) sum += partials[blockIdx.x * count + i];
    return block_sum<threads>(sum);
}

/// r = p = y, x = 0; partial sums of y.y. x may be y.
__global__ void start_kernel(const float* y, int64_t nodes, int columns, float* x, float* r, float* p,
                             double* partials) {
    const Lane lane = find_lane(columns);
    double yy = 0.0;
    if (lane.row < lane.rows) {
        for (int64_t i = lane.first; i < nodes; i += lane.step) {
            const int64_t at = i * columns + lane.column;
            const float value = y[at];
            r[at] = value;
            p[at] = value;
            x[at] = 0.0f;
            yy += static_cast<double>(value) * static_cast<double>(value);
        }
    }
    store_partial(lane, yy, partials);
}

/// One block per column, like the two below.
__global__ void begin_columns_kernel(const double* partials, int64_t count, ColumnState* state) {
    const double yy = total(partials, count);
    if (threadIdx.x == 0) {
        ColumnState& column = state[blockIdx.x];
        column.yy = yy;
        column.rr = yy;
        column.a = 0.0f;
        column.b = 0.0f;
        column.residual = 0.0f;
        column.active = yy != 0.0; // what is not finite runs, and shows in the result
        column.steps = 0;
        column.reserved = 0;
    }
}

/// a = r.r / p.q
__global__ void choose_step_kernel(const double* partials, int64_t count, ColumnState* state) {
    ColumnState& column = state[blockIdx.x];
    const bool active = column.active;
    if (active) { // whole blocks
        const double pq = total(partials, count);
        if (threadIdx.x == 0) column.a = static_cast<float>(column.rr / pq);
    } else if (threadIdx.x == 0) {
        column.a = 0.0f;
    }
}

/// r -= a q; partial sums of r.r.
__global__ void descend_kernel(const float* q, int64_t nodes, int columns, const ColumnState* state, float* r,
                               double* partials) {
    const Lane lane = find_lane(columns);
    double rr = 0.0;
    if (lane.row < lane.rows && state[lane.column].active) {
        const float a = state[lane.column].a;
        for (int64_t i = lane.first; i < nodes; i += lane.step) {
            const int64_t at = i * columns + lane.column;
            const float value = r[at] - a * q[at];
            r[at] = value;
            rr += static_cast<double>(value) * static_cast<double>(value);
        }
    }
    store_partial(lane, rr, partials);
}

/// b = r'.r' / r.r, and whether the column goes on.
__global__ void choose_direction_kernel(const double* partials, int64_t count, double tolerance,
                                        ColumnState* state) {
    ColumnState& column = state[blockIdx.x];
    const bool active = column.active;
    if (active) { // whole blocks
        const double rr = total(partials, count);
        if (threadIdx.x == 0) {
            const double residual = sqrt(rr / column.yy);
            column.b = static_cast<float>(rr / column.rr);
            column.rr = rr;
            column.residual = static_cast<float>(residual);
            column.active = residual > tolerance;
            ++column.steps;
        }
    }
}

/// x += a p, also for a column that has just stopped; p = r + b p for those that go on.
__global__ void advance_kernel(const float* r, int64_t nodes, int columns, const ColumnState* state, float* x,
                               float* p) {
    const Lane lane = find_lane(columns);
    if (lane.row < lane.rows) {
        const float a = state[lane.column].a, b = state[lane.column].b;
        const bool active = state[lane.column].active;
        if (active || a != 0.0f) {
            for (int64_t i = lane.first; i < nodes; i += lane.step) {
                const int64_t at = i * columns + lane.column;
                const float direction = p[at];
                x[at] += a * direction;
                if (active) p[at] = r[at] + b * direction;
            }
        }
    }
}

// ---------------------------------------------------------------------------- launchers

/// Blocks of the vector kernels: enough for any card, few enough for the second stage of the sums.
int64_t vector_blocks(int64_t nodes, int64_t columns) {
    const int64_t rows = threads / std::min<int64_t>(columns, threads);
    return std::min<int64_t>(ceil_div(nodes, rows),
                             GPU_ON_HOST ? 3 : 1024); // few on the host: every loop takes turns
}

int64_t most_partials(int64_t nodes, int64_t columns, int64_t partial_count) {
    return std::max(vector_blocks(nodes, columns), partial_count) * columns;
}

void read_result(const Workspace& work, const ColumnState* state, int64_t columns, SolveResult& result) {
    std::vector<ColumnState> host(static_cast<size_t>(columns));
    GPU_CHECK(cudaMemcpyAsync(host.data(), state, host.size() * sizeof(ColumnState), cudaMemcpyDeviceToHost,
                              work.stream));
    GPU_CHECK(cudaStreamSynchronize(work.stream));
    result.steps.clear();
    result.residuals.clear();
    for (const ColumnState& column : host) {
        result.steps.push_back(column.steps);
        result.residuals.push_back(column.residual);
    }
}

} // namespace

void conjugate_gradient(const Workspace& work, const LinearSystem& system, int64_t nodes, int64_t columns,
                        const float* y, float* x, const lposs_solver_options& options, SolveResult* result) {
    const int64_t size = nodes * columns;
    const auto r = work.buffer<float>(size, "r");
    const auto p = work.buffer<float>(size, "p");
    const auto q = work.buffer<float>(size, "q");
    const auto partials =
        work.buffer<double>(most_partials(nodes, columns, system.partial_count()), "partial sums");
    const auto state = work.buffer<ColumnState>(columns, "column states");
    const int64_t count = vector_blocks(nodes, columns);
    const int width = static_cast<int>(columns);
    const dim3 grid(block_count(count, 1), block_count(columns, threads));
    const unsigned column_grid = block_count(columns, 1);

    GPU_LAUNCH(start_kernel, grid, threads, 0, work.stream, y, nodes, width, x, r.data(), p.data(),
               partials.data());
    GPU_LAUNCH(begin_columns_kernel, column_grid, threads, 0, work.stream, partials.data(), count,
               state.data());
    for (int32_t step = 0; step < options.max_steps; ++step) {
        system.apply(work, p.data(), columns, state.data(), q.data(), partials.data());
        GPU_LAUNCH(choose_step_kernel, column_grid, threads, 0, work.stream, partials.data(),
                   system.partial_count(), state.data());
        GPU_LAUNCH(descend_kernel, grid, threads, 0, work.stream, q.data(), nodes, width, state.data(),
                   r.data(), partials.data());
        GPU_LAUNCH(choose_direction_kernel, column_grid, threads, 0, work.stream, partials.data(), count,
                   static_cast<double>(options.tolerance), state.data());
        GPU_LAUNCH(advance_kernel, grid, threads, 0, work.stream, r.data(), nodes, width, state.data(), x,
                   p.data());
    }
    if (result) read_result(work, state.data(), columns, *result);
}

int64_t conjugate_gradient_cost(int64_t nodes, int64_t columns, int64_t partial_count) {
    return 3 * buffer_cost(nodes * columns, sizeof(float)) +
           buffer_cost(most_partials(nodes, columns, partial_count), sizeof(double)) +
           buffer_cost(columns, sizeof(ColumnState));
}

} // namespace lposs::cuda
