// The patch graph (section 3.2): A_ij = max(<f_i, f_j>, 0)^gamma exp(-sigma dist_ij^p) for the k nearest j of
// i by inner product of unit features; W = A + A^T; S = D^-1/2 W D^-1/2. The mask and the power are applied
// where a neighbour is handed out, and its row comes out in the order of its columns, which is what W needs:
// nothing is sorted. Small graphs with long rows are kept as whole matrices (dense_graph.h), others by their entries.
#include "cuda/patch_graph.h"

#include "cuda/dense_graph.h"
#include "cuda/knn.h"
#include "cuda/matrix_product.h"
#include "cuda/similarity.h"
#include "cuda/symmetrise.h"
#include "cuda/top_k.cuh"

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
__device__ __forceinline__ float edge_weight(float similarity, float2 from, float2 to,
                                             const EdgeOptions& options) {
    if (similarity <= 0.0f) return 0.0f;
    const float dy = from.x - to.x, dx = from.y - to.y;
    const float distance = sqrtf(dy * dy + dx * dx);
    const float length = options.distance_power == 1.0f ? distance : powf(distance, options.distance_power);
    const float appearance =
        options.gamma == 3.0f ? similarity * similarity * similarity : powf(similarity, options.gamma);
    return appearance * expf(-options.sigma * length);
}

/// One block per row of products [rows,N], which is node first_row + row: A's columns and weights [rows,k].
__global__ void select_edges_kernel(const float* products, int n, int k, int64_t first_row,
                                    const float* centres, EdgeOptions options, int32_t* columns,
                                    float* weights) {
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
__global__ void select_dense_edges_kernel(const float* products, int n, int k, int64_t first_row,
                                          const float* centres, EdgeOptions options, int64_t pitch,
                                          float* weights) {
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
    GPU_LAUNCH(sum_columns_kernel, dim3(columns, mean_slices), mean_rows * warp_lanes, 0, work.stream, unit,
               n, d, slices.data());
    GPU_LAUNCH(subtract_mean_kernel, dim3(columns, mean_slices), mean_rows * warp_lanes, 0, work.stream,
               slices.data(), n, d, unit);
    normalise_rows(work, unit, n, d, unit);
}

/// Calls select(products, first, rows) for rows [first, first + rows) of the products of all centred unit features.
template <class Select>
void multiply_features(const Workspace& work, const float* features, int64_t n, int64_t d,
                       const lposs_patch_graph_options& options, const Select& select) {
    const auto unit = work.buffer<float>(n * d, "unit features");
    normalise_rows(work, features, n, d, unit.data());
    if (options.centre) centre_rows(work, n, d, unit.data());
    const int64_t most = product_rows(n);
    const auto products = work.buffer<float>(most * n, "products");
    for (int64_t first = 0; first < n; first += most) {
        const int64_t rows = std::min(most, n - first);
        matrix_product(work, unit.data() + first * d, rows, unit.data(), n, d, products.data());
        select(products.data(), first, rows);
    }
}

/// A: k entries per row, columns ascending.
FixedRows select_edges(const Workspace& work, const float* features, int64_t n, int64_t d, int64_t k,
                       const float* centres, const lposs_patch_graph_options& options) {
    FixedRows a{work.buffer<int32_t>(n * k, "columns of A"), work.buffer<float>(n * k, "weights of A")};
    const EdgeOptions edge_options = {options.gamma, options.sigma, options.distance_power};
    multiply_features(work, features, n, d, options, [&](const float* products, int64_t first, int64_t rows) {
        GPU_LAUNCH(select_edges_kernel, block_count(rows, 1), select_threads, 0, work.stream, products,
                   static_cast<int>(n), static_cast<int>(k), first, centres, edge_options,
                   a.columns.data() + first * k, a.weights.data() + first * k);
    });
    return a;
}

/// A as a whole matrix [N,pitch].
DeviceBuffer<float> select_dense_edges(const Workspace& work, const float* features, int64_t n, int64_t d,
                                       int64_t k, const float* centres,
                                       const lposs_patch_graph_options& options) {
    const int64_t pitch = dense_pitch(n);
    auto a = work.buffer<float>(n * pitch, "A");
    const EdgeOptions edge_options = {options.gamma, options.sigma, options.distance_power};
    GPU_CHECK(cudaMemsetAsync(a.data(), 0, static_cast<size_t>(n * pitch) * sizeof(float), work.stream));
    multiply_features(work, features, n, d, options, [&](const float* products, int64_t first, int64_t rows) {
        GPU_LAUNCH(select_dense_edges_kernel, block_count(rows, 1), select_threads, 0, work.stream, products,
                   static_cast<int>(n), static_cast<int>(k), first, centres, edge_options, pitch, a.data());
    });
    return a;
}

} // namespace

std::unique_ptr<Graph> patch_graph(const Workspace& work, const float* features, int64_t n, int64_t d,
                                   const float* centres, const lposs_patch_graph_options& options) {
    const int64_t k = std::min<int64_t>(options.k, n);
    if (is_dense(n, k))
        return std::make_unique<DenseGraph>(
            work, n, select_dense_edges(work, features, n, d, k, centres, options));
    const auto degrees = work.buffer<double>(n, "degrees");
    const FixedRows a = select_edges(work, features, n, d, k, centres, options);
    SparseRows w = add_transpose(work, a, n, k, degrees.data());
    return std::make_unique<SparseGraph>(work, n, std::move(w), degrees.data(), -1);
}

Backend::Cost patch_graph_cost(int64_t n, int64_t d, const lposs_patch_graph_options& options) {
    const int64_t k = std::min<int64_t>(options.k, n);
    const int64_t unit = buffer_cost(n * d, sizeof(float));
    const int64_t products = buffer_cost(product_rows(n) * n, sizeof(float)) + matrix_product_cost();
    const int64_t centring = options.centre ? buffer_cost(mean_slices * d, sizeof(double)) : 0;
    const int64_t selection = unit + std::max(products, centring);
    if (is_dense(n, k)) {
        Backend::Cost cost = dense_graph_cost(n);
        cost.scratch = std::max(cost.scratch, selection);
        return cost;
    }
    const int64_t a = 2 * buffer_cost(n * k, sizeof(float));
    const Backend::Cost sum = add_transpose_cost(n, k);
    Backend::Cost cost;
    cost.kept = sum.kept;
    // Edges are selected before there is room taken for W.
    cost.scratch = buffer_cost(n, sizeof(double)) + a + std::max(selection - sum.kept, sum.scratch);
    return cost;
}

int64_t patch_propagate_cost(int64_t n, int64_t columns) {
    return std::max(sparse_propagate_cost(n, columns), dense_propagate_cost(n, columns));
}

} // namespace lposs::cuda
