// The ends of a solve, where vectors change between the caller's [nodes,columns] and planes of float4, and what happens
// between two passes: one block per column adds its partial sums in a fixed order and chooses a and b.
#include "cuda/solve/conjugate_gradient.h"

#include "cuda/solve/conjugate_gradient.cuh"

#include <algorithm>
#include <vector>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;
constexpr int tile_nodes = 64;
constexpr int tile_planes = 8;
constexpr int tile_columns = 4 * tile_planes;

/// Columns [tile_columns blockIdx.y, + width) of 64 nodes at a time pass through shared memory.
struct Tile {
    int first_plane, planes, first_column, width;
};

__device__ __forceinline__ Tile find_tile(int columns) {
    Tile tile;
    tile.first_plane = static_cast<int>(blockIdx.y) * tile_planes;
    tile.first_column = 4 * tile.first_plane;
    tile.width = min(columns - tile.first_column, tile_columns);
    tile.planes = (tile.width + 3) / 4;
    return tile;
}

/// r = y; partial sums of y.y, one for each column and blockIdx.x.
__global__ void start_kernel(const float* y, int64_t nodes, int columns, Vectors vectors, double* partials) {
    GPU_SHARED(float, values, [tile_nodes][tile_columns + 1]);
    const Tile tile = find_tile(columns);
    const int thread = static_cast<int>(threadIdx.x);
    for (int i = thread; i < tile_nodes * tile_columns; i += threads)
        values[i / tile_columns][i % tile_columns] = 0.0f; // what pads the last plane stays so
    double yy = 0.0;
    for (int64_t begin = int64_t{blockIdx.x} * tile_nodes; begin < nodes; begin += int64_t{gridDim.x} * tile_nodes) {
        const int rows = static_cast<int>(min(nodes - begin, int64_t{tile_nodes}));
        __syncthreads();
        for (int i = thread; i < rows * tile.width; i += threads) {
            const int node = i / tile.width, c = i % tile.width;
            values[node][c] = y[(begin + node) * columns + tile.first_column + c];
        }
        __syncthreads();
        for (int i = thread; i < tile_nodes * tile.planes; i += threads) {
            const int node = i % tile_nodes, plane = i / tile_nodes;
            const float* four = &values[node][4 * plane];
            if (node < rows)
                vectors.r[(begin + node) * vectors.node_stride + (tile.first_plane + plane) * vectors.plane_stride] = {
                    four[0], four[1], four[2], four[3]};
        }
        if (thread < tile.width)
            for (int node = 0; node < rows; ++node) {
                const auto value = static_cast<double>(values[node][thread]);
                yy += value * value;
            }
    }
    if (thread < tile.width) partials[partial_at(tile.first_column + thread, dot_rr, gridDim.x, blockIdx.x)] = yy;
}

/// The sum of one of a column's partial sums, in every thread.
__device__ __forceinline__ double total(const double* partials, int column, int dot, int64_t count) {
    double sum = 0.0;
    for (int64_t i = threadIdx.x; i < count; i += threads) sum += partials[partial_at(column, dot, count, i)];
    return block_sum<threads>(sum);
}

/// One block per column, also those that pad the last plane.
__global__ void begin_columns_kernel(const double* partials, int64_t count, Columns columns) {
    const int column = static_cast<int>(blockIdx.x);
    const bool real = column < columns.count; // whole blocks
    const double yy = real ? total(partials, column, dot_rr, count) : 0.0;
    if (threadIdx.x == 0) {
        const bool active = yy != 0.0; // what is not finite runs, and shows in the result
        columns.a[column] = 0.0f;
        columns.b[column] = 0.0f;
        columns.live[column] = active;
        if (real) columns.state[column] = {yy, 0.0f, active, 0, 0};
    }
}

/// One block per column: a, b, and whether it goes on.
__global__ void settle_kernel(const double* partials, int64_t count, double tolerance, Columns columns) {
    const int column = static_cast<int>(blockIdx.x);
    ColumnState& state = columns.state[column];
    const bool active = state.active;
    if (active) { // whole blocks
        const double rr = total(partials, column, dot_rr, count);
        const double pq = total(partials, column, dot_pq, count);
        const double rq = total(partials, column, dot_rq, count);
        const double qq = total(partials, column, dot_qq, count);
        if (threadIdx.x == 0) {
            const auto a = static_cast<float>(rr / pq);
            const auto step = static_cast<double>(a); // as the vectors will see it
            const double next = rr - 2.0 * step * rq + step * step * qq;
            const double next_rr = next < 0.0 ? 0.0 : next; // rounding; not a number stays so
            const double residual = sqrt(next_rr / state.yy);
            const bool goes_on = residual > tolerance;
            columns.a[column] = a;
            columns.b[column] = static_cast<float>(next_rr / rr);
            columns.live[column] = goes_on || a != 0.0f;
            state.residual = static_cast<float>(residual);
            state.active = goes_on;
            ++state.steps;
        }
    } else if (threadIdx.x == 0) {
        columns.a[column] = 0.0f;
        columns.b[column] = 0.0f;
        columns.live[column] = 0;
    }
}

/// r -= a q, x += a p, p = r + b p, in place; one thread for each float4.
__global__ void advance_kernel(Vectors vectors, Columns columns, int64_t size) {
    const int64_t at = int64_t{blockIdx.x} * threads + threadIdx.x;
    const int plane = static_cast<int>(at % columns.planes);
    if (at < size && is_live(columns, plane)) {
        const float4 a = scalars_of(columns.a, plane), b = scalars_of(columns.b, plane);
        const float4 last_p = vectors.last_p[at];
        const float4 r = multiply_subtract(a, vectors.last_q[at], vectors.last_r[at]);
        float4 x = {0.0f, 0.0f, 0.0f, 0.0f};
        if (vectors.step > 1) x = vectors.x[at];
        vectors.x[at] = multiply_add(a, last_p, x);
        vectors.r[at] = r;
        vectors.p[at] = multiply_add(b, last_p, r);
    }
}

/// solution = x + a p of the last step: what no later pass has added.
__global__ void finish_kernel(Vectors vectors, Columns columns, int64_t nodes, float* solution) {
    GPU_SHARED(float, values, [tile_nodes][tile_columns + 1]);
    const Tile tile = find_tile(columns.count);
    const int thread = static_cast<int>(threadIdx.x);
    for (int64_t begin = int64_t{blockIdx.x} * tile_nodes; begin < nodes; begin += int64_t{gridDim.x} * tile_nodes) {
        const int rows = static_cast<int>(min(nodes - begin, int64_t{tile_nodes}));
        __syncthreads();
        for (int i = thread; i < tile_nodes * tile.planes; i += threads) {
            const int node = i % tile_nodes, plane = tile.first_plane + i / tile_nodes;
            if (node >= rows) continue;
            const int64_t at = (begin + node) * vectors.node_stride + plane * vectors.plane_stride;
            const float4 a = scalars_of(columns.a, plane);
            bool ran = false;
            for (int c = 4 * plane; c < min(4 * plane + 4, columns.count); ++c) ran = ran || columns.state[c].steps > 0;
            float4 x = {0.0f, 0.0f, 0.0f, 0.0f};
            if (ran && vectors.step > 0) x = vectors.x[at]; // else nobody has written it
            if (is_live(columns, plane)) {
                const float4 p = vectors.p[at];
                x.x += a.x != 0.0f ? a.x * p.x : 0.0f; // a column that stopped before may have any p
                x.y += a.y != 0.0f ? a.y * p.y : 0.0f;
                x.z += a.z != 0.0f ? a.z * p.z : 0.0f;
                x.w += a.w != 0.0f ? a.w * p.w : 0.0f;
            }
            float* four = &values[node][4 * (i / tile_nodes)];
            four[0] = x.x;
            four[1] = x.y;
            four[2] = x.z;
            four[3] = x.w;
        }
        __syncthreads();
        for (int i = thread; i < rows * tile.width; i += threads) {
            const int node = i / tile.width, c = i % tile.width;
            solution[(begin + node) * columns.count + tile.first_column + c] = values[node][c];
        }
    }
}

// ---------------------------------------------------------------------------- launchers

int64_t plane_count(int64_t columns) {
    return ceil_div(columns, 4);
}

/// Blocks along the nodes at the ends of a solve: enough for any GPU; few on the host, so that loops take turns.
int64_t tile_blocks(int64_t nodes) {
    return std::min<int64_t>(ceil_div(nodes, tile_nodes), GPU_ON_HOST ? 2 : 2048);
}

int64_t partials_size(int64_t nodes, int64_t columns, int64_t partial_count) {
    return columns * dot_products * std::max(tile_blocks(nodes), partial_count);
}

/// The memory of a solve, and which of it each step reads and writes.
class SolveMemory {
public:
    SolveMemory(const Workspace& work, int64_t nodes, int64_t columns, bool by_planes)
        : size_(nodes * plane_count(columns)), node_stride_(by_planes ? 1 : plane_count(columns)),
          plane_stride_(by_planes ? nodes : 1), parity_(by_planes ? 1 : 0), x_(work.buffer<float4>(size_, "x")),
          state_(work.buffer<ColumnState>(columns, "column states")),
          a_(work.buffer<float>(4 * plane_count(columns), "a")), b_(work.buffer<float>(4 * plane_count(columns), "b")),
          live_(work.buffer<int32_t>(4 * plane_count(columns), "live columns")) {
        for (int i = 0; i <= parity_; ++i) {
            r_[i] = work.buffer<float4>(size_, "r");
            q_[i] = work.buffer<float4>(size_, "q");
            p_[i] = work.buffer<float4>(size_, "p");
        }
    }

    Columns columns(int64_t count) const {
        return {state_.data(),
                a_.data(),
                b_.data(),
                live_.data(),
                static_cast<int>(count),
                static_cast<int>(plane_count(count))};
    }

    Vectors vectors(int32_t step) const {
        Vectors v{};
        v.r = r_[step & parity_].data();
        v.q = q_[step & parity_].data();
        v.p = step == 0 ? v.r : p_[step & parity_].data();
        v.x = x_.data();
        v.node_stride = node_stride_;
        v.plane_stride = plane_stride_;
        v.step = step;
        if (step > 0) {
            v.last_r = r_[(step - 1) & parity_].data();
            v.last_q = q_[(step - 1) & parity_].data();
            v.last_p = step == 1 ? v.last_r : p_[(step - 1) & parity_].data();
        }
        return v;
    }

private:
    int64_t size_, node_stride_, plane_stride_;
    int parity_;
    DeviceBuffer<float4> r_[2], q_[2], p_[2], x_;
    DeviceBuffer<ColumnState> state_;
    DeviceBuffer<float> a_, b_;
    DeviceBuffer<int32_t> live_;
};

void read_result(const Workspace& work, const ColumnState* state, int64_t columns, SolveResult& result) {
    std::vector<ColumnState> host(static_cast<size_t>(columns));
    GPU_CHECK(
        cudaMemcpyAsync(host.data(), state, host.size() * sizeof(ColumnState), cudaMemcpyDeviceToHost, work.stream));
    GPU_CHECK(cudaStreamSynchronize(work.stream));
    result.steps.clear();
    result.residuals.clear();
    for (const ColumnState& column : host) {
        result.steps.push_back(column.steps);
        result.residuals.push_back(column.residual);
    }
}

} // namespace

void conjugate_gradient(const Workspace& work, const LinearSystem& system, int64_t nodes, const PropagateArguments& a) {
    const int64_t columns = a.columns;
    const lposs_solver_options& options = a.options;
    const SolveMemory memory(work, nodes, columns, system.by_planes());
    const auto partials = work.buffer<double>(partials_size(nodes, columns, system.partial_count()), "partial sums");
    const Columns on_card = memory.columns(columns);
    const dim3 grid(block_count(tile_blocks(nodes), 1), block_count(on_card.planes, tile_planes));

    GPU_LAUNCH(start_kernel, grid, threads, 0, work.stream, a.y, nodes, on_card.count, memory.vectors(0),
               partials.data());
    GPU_LAUNCH(begin_columns_kernel, block_count(4 * int64_t{on_card.planes}, 1), threads, 0, work.stream,
               partials.data(), tile_blocks(nodes), on_card);
    for (int32_t step = 0; step < options.max_steps; ++step) {
        if (work.progress.is_heard()) {
            // Whoever may cancel is asked when the steps before are done, not when they are queued.
            GPU_CHECK(cudaStreamSynchronize(work.stream));
            work.progress.advance(static_cast<double>(step) / options.max_steps);
            work.progress.poll();
        }
        system.step(work, memory.vectors(step), on_card, partials.data());
        GPU_LAUNCH(settle_kernel, block_count(columns, 1), threads, 0, work.stream, partials.data(),
                   system.partial_count(), static_cast<double>(options.tolerance), on_card);
    }
    GPU_LAUNCH(finish_kernel, grid, threads, 0, work.stream, memory.vectors(options.max_steps - 1), on_card, nodes,
               a.x);
    if (a.result) read_result(work, on_card.state, columns, *a.result);
}

void advance(const Workspace& work, const Vectors& vectors, const Columns& columns, int64_t nodes) {
    const int64_t size = nodes * columns.planes;
    GPU_LAUNCH(advance_kernel, block_count(size, threads), threads, 0, work.stream, vectors, columns, size);
}

int64_t conjugate_gradient_cost(int64_t nodes, int64_t columns, bool by_planes, int64_t partial_count) {
    const int64_t planes = plane_count(columns);
    return (by_planes ? 7 : 4) * buffer_cost(nodes * planes, sizeof(float4)) +
           buffer_cost(partials_size(nodes, columns, partial_count), sizeof(double)) +
           buffer_cost(columns, sizeof(ColumnState)) + 2 * buffer_cost(4 * planes, sizeof(float)) +
           buffer_cost(4 * planes, sizeof(int32_t));
}

} // namespace lposs::cuda
