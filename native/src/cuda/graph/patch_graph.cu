// The patch graph (section 3.2): A_ij = max(<f_i, f_j>, 0)^gamma exp(-sigma dist_ij^p) for the k nearest j of i by
// inner product of unit features; W = A + A^T; S = D^-1/2 W D^-1/2. The mask and the power are applied where a
// neighbour is handed out, and its row comes out in the order of its columns, which is what W needs: nothing is sorted.
// Small graphs with long rows are kept as whole matrices (dense_graph.h), others by their entries.
#include "core/operations/patch_graph.h"

#include "cuda/graph/dense_graph.h"
#include "cuda/graph/dense_product.h"
#include "cuda/graph/knn.h"
#include "cuda/graph/matrix_product.h"
#include "cuda/graph/symmetrise.h"
#include "cuda/graph/top_k.cuh"
#include "cuda/graph/unit_rows.h"

#include <algorithm>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int mean_slices = 16;
constexpr int mean_rows = 8; // rows of a block, beside 32 columns

/// slices [mean_slices,D]: sums of every mean_slices-th piece of rows of unit [N,D].
__global__ void sum_columns_kernel(const float* unit, int64_t n, int64_t d, double* slices) {
    GPU_SHARED(double, sums, [mean_rows][warp_lanes]);
    const int64_t column = int64_t{blockIdx.x} * warp_lanes + lane_index();
    double sum = 0.0;
    if (column < d)
        for (int64_t i = blockIdx.y * mean_rows + warp_index(); i < n; i += mean_slices * mean_rows)
            sum += static_cast<double>(unit[i * d + column]);
    sums[warp_index()][lane_index()] = sum;
    __syncthreads();
    if (warp_index() == 0 && column < d) {
        sum = 0.0;
        for (int row = 0; row < mean_rows; ++row) sum += sums[row][lane_index()];
        slices[blockIdx.y * d + column] = sum;
    }
}

/// unit [N,D] minus its mean over the rows.
__global__ void subtract_mean_kernel(const double* slices, int64_t n, int64_t d, float* unit) {
    const int64_t column = int64_t{blockIdx.x} * warp_lanes + lane_index();
    if (column < d) {
        double sum = 0.0;
        for (int slice = 0; slice < mean_slices; ++slice) sum += slices[slice * d + column];
        const double mean = sum / static_cast<double>(n);
        for (int64_t i = blockIdx.y * mean_rows + warp_index(); i < n; i += int64_t{gridDim.y} * mean_rows)
            unit[i * d + column] = static_cast<float>(static_cast<double>(unit[i * d + column]) - mean);
    }
}

struct EdgeOptions {
    float gamma, sigma, distance_power;
};

/// max(similarity, 0)^gamma exp(-sigma distance^p); what is not finite stays so.
__device__ __forceinline__ float edge_weight(float similarity, float2 from, float2 to, const EdgeOptions& options) {
    if (similarity <= 0.0f) return 0.0f;
    const float dy = from.x - to.x, dx = from.y - to.y;
    const float distance = sqrtf(dy * dy + dx * dx);
    const float length = options.distance_power == 1.0f ? distance : powf(distance, options.distance_power);
    const float appearance =
        options.gamma == 3.0f ? similarity * similarity * similarity : powf(similarity, options.gamma);
    return appearance * expf(-options.sigma * length);
}

/// One block per row of products [rows,N], which is node first_row + row: A's columns and weights [rows,k].
__global__ void select_edges_kernel(const float* products, int n, int k, int64_t first_row, const float* centres,
                                    EdgeOptions options, int32_t* columns, float* weights) {
    const int64_t row = blockIdx.x;
    const int64_t i = first_row + row;
    const float2 from = {centres[2 * i], centres[2 * i + 1]};
    select_top_k(products + row * n, n, k, [=](int rank, int j, float similarity) {
        const float2 to = {centres[2 * int64_t{j}], centres[2 * int64_t{j} + 1]};
        columns[row * k + rank] = j;
        weights[row * k + rank] = edge_weight(similarity, from, to, options);
    });
}

/// The same into whole rows of A [N,pitch], which were zero.
__global__ void select_dense_edges_kernel(const float* products, int n, int k, int64_t first_row, const float* centres,
                                          EdgeOptions options, int64_t pitch, float* weights) {
    const int64_t row = blockIdx.x;
    const int64_t i = first_row + row;
    const float2 from = {centres[2 * i], centres[2 * i + 1]};
    select_top_k(products + row * n, n, k, [=](int, int j, float similarity) {
        const float2 to = {centres[2 * int64_t{j}], centres[2 * int64_t{j} + 1]};
        weights[i * pitch + j] = edge_weight(similarity, from, to, options);
    });
}

// ---------------------------------------------------------------------------- launchers

/// Unit features minus their mean, made unit again, in place.
void centre_rows(const Workspace& work, int64_t n, int64_t d, float* unit) {
    const auto slices = work.buffer<double>(mean_slices * d, "feature sums");
    const unsigned columns = block_count(d, warp_lanes);
    GPU_LAUNCH(sum_columns_kernel, dim3(columns, mean_slices), mean_rows * warp_lanes, 0, work.stream, unit, n, d,
               slices.data());
    GPU_LAUNCH(subtract_mean_kernel, dim3(columns, mean_slices), mean_rows * warp_lanes, 0, work.stream, slices.data(),
               n, d, unit);
    normalise_rows(work, unit, n, d, unit);
}

/// Calls select(products, first, rows) for rows [first, first + rows) of the products of all centred unit features.
template <class Select>
void multiply_features(const Workspace& work, const PatchGraphArguments& a, const Select& select) {
    const int64_t n = a.n, d = a.d;
    const auto unit = work.buffer<float>(n * d, "unit features");
    normalise_rows(work, a.features, n, d, unit.data());
    if (a.options.centre) centre_rows(work, n, d, unit.data());
    const int64_t most = product_rows(n);
    const auto products = work.buffer<float>(most * n, "products");
    for (int64_t first = 0; first < n; first += most) {
        const int64_t rows = std::min(most, n - first);
        matrix_product(work, unit.data() + first * d, rows, unit.data(), n, d, products.data());
        select(products.data(), first, rows);
    }
}

EdgeOptions edge_options(const PatchGraphArguments& a) {
    return {a.options.gamma, a.options.sigma, a.options.distance_power};
}

/// A: k entries per row, columns ascending.
FixedRows select_edges(const Workspace& work, const PatchGraphArguments& a, int64_t k) {
    FixedRows edges{work.buffer<int32_t>(a.n * k, "columns of A"), work.buffer<float>(a.n * k, "weights of A")};
    multiply_features(work, a, [&](const float* products, int64_t first, int64_t rows) {
        GPU_LAUNCH(select_edges_kernel, block_count(rows, 1), select_threads, 0, work.stream, products,
                   static_cast<int>(a.n), static_cast<int>(k), first, a.centres, edge_options(a),
                   edges.columns.data() + first * k, edges.weights.data() + first * k);
    });
    return edges;
}

/// A as a whole matrix [N,pitch].
DeviceBuffer<float> select_dense_edges(const Workspace& work, const PatchGraphArguments& a, int64_t k) {
    const int64_t pitch = dense_pitch(a.n);
    auto matrix = work.buffer<float>(a.n * pitch, "A");
    GPU_CHECK(cudaMemsetAsync(matrix.data(), 0, static_cast<size_t>(a.n * pitch) * sizeof(float), work.stream));
    multiply_features(work, a, [&](const float* products, int64_t first, int64_t rows) {
        GPU_LAUNCH(select_dense_edges_kernel, block_count(rows, 1), select_threads, 0, work.stream, products,
                   static_cast<int>(a.n), static_cast<int>(k), first, a.centres, edge_options(a), pitch, matrix.data());
    });
    return matrix;
}

} // namespace

std::unique_ptr<Graph> patch_graph(const Workspace& work, const PatchGraphArguments& a) {
    const int64_t n = a.n, k = std::min<int64_t>(a.options.k, n);
    if (is_dense(n, k)) return std::make_unique<DenseGraph>(work, n, select_dense_edges(work, a, k));
    const auto degrees = work.buffer<double>(n, "degrees");
    const FixedRows edges = select_edges(work, a, k);
    SparseRows w = add_transpose(work, edges, n, k, degrees.data());
    return std::make_unique<SparseGraph>(work, n, std::move(w), degrees.data(), -1);
}

Cost patch_graph_cost(const PatchGraphArguments& a) {
    const int64_t n = a.n, k = std::min<int64_t>(a.options.k, n);
    const int64_t unit = buffer_cost(n * a.d, sizeof(float));
    const int64_t products = buffer_cost(product_rows(n) * n, sizeof(float));
    const int64_t centring = a.options.centre ? buffer_cost(mean_slices * a.d, sizeof(double)) : 0;
    const int64_t selection = unit + std::max(products, centring);
    if (is_dense(n, k)) {
        Cost cost = dense_graph_cost(n);
        cost.scratch = std::max(cost.scratch, selection);
        return cost;
    }
    const int64_t edges = 2 * buffer_cost(n * k, sizeof(float));
    const Cost sum = add_transpose_cost(n, k);
    Cost cost;
    cost.kept = sum.kept;
    // Edges are selected before there is room taken for W.
    cost.scratch = buffer_cost(n, sizeof(double)) + edges + std::max(selection - sum.kept, sum.scratch);
    return cost;
}

int64_t patch_propagate_cost(int64_t n, int64_t columns) {
    return std::max(sparse_propagate_cost(n, columns), dense_propagate_cost(n, columns));
}

} // namespace lposs::cuda
