// The product in blocks of rows, so that N x N never exists; the k best of each row by top_k.cuh, then sorted.
#include "cuda/graph/knn.h"

#include "core/operations/knn.h"

#include "cuda/graph/matrix_product.h"
#include "cuda/graph/top_k.cuh"

#include <algorithm>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

// Neighbours that are sorted in shared memory; few on the host, so that small tests have more.
constexpr int sort_limit = GPU_ON_HOST ? 32 : 2048;

/// One block per row of products [rows,N]: its k best in the order of their index.
__global__ void select_neighbours_kernel(const float* products, int n, int k, float* similarities, int32_t* indices) {
    const int64_t row = blockIdx.x;
    select_top_k(products + row * n, n, k, [=](int rank, int index, float value) {
        similarities[row * k + rank] = value;
        indices[row * k + rank] = index;
    });
}

/// Larger first; of equals the lower index first.
__device__ __forceinline__ unsigned long long neighbour_key(float similarity, int index) {
    return static_cast<unsigned long long>(sort_key(similarity)) << 32 | ~static_cast<unsigned>(index);
}

/// Sorts a row's k <= sort_limit neighbours in place, best first: a bitonic network over `padded`, the next power of
/// two.
__global__ void sort_neighbours_kernel(int k, int padded, float* similarities, int32_t* indices) {
    GPU_SHARED(unsigned long long, keys, [sort_limit]);
    GPU_SHARED(float, values, [sort_limit]);
    const int thread = static_cast<int>(threadIdx.x);
    float* row_similarities = similarities + int64_t{blockIdx.x} * k;
    int32_t* row_indices = indices + int64_t{blockIdx.x} * k;
    for (int i = thread; i < padded; i += select_threads) {
        values[i] = i < k ? row_similarities[i] : 0.0f;
        keys[i] = i < k ? neighbour_key(values[i], row_indices[i]) : 0ull;
    }
    __syncthreads();
    for (int run = 2; run <= padded; run *= 2) {
        for (int distance = run / 2; distance > 0; distance /= 2) {
            for (int pair = thread; pair < padded / 2; pair += select_threads) {
                const int low = pair / distance * distance * 2 + pair % distance;
                const int high = low + distance;
                const bool descending = (low & run) == 0;
                if ((keys[low] < keys[high]) == descending) {
                    const unsigned long long key = keys[low];
                    const float value = values[low];
                    keys[low] = keys[high];
                    values[low] = values[high];
                    keys[high] = key;
                    values[high] = value;
                }
            }
            __syncthreads();
        }
    }
    for (int i = thread; i < k; i += select_threads) {
        row_similarities[i] = values[i];
        row_indices[i] = static_cast<int32_t>(~static_cast<unsigned>(keys[i]));
    }
}

/// The same for any k, slower: each neighbour counts those that are better. Not in place.
__global__ void rank_neighbours_kernel(const float* similarities, const int32_t* indices, int k, float* sorted,
                                       int32_t* sorted_indices) {
    const int64_t row = int64_t{blockIdx.x} * k;
    for (int i = static_cast<int>(threadIdx.x); i < k; i += select_threads) {
        const unsigned long long key = neighbour_key(similarities[row + i], indices[row + i]);
        int rank = 0;
        for (int j = 0; j < k; ++j) rank += neighbour_key(similarities[row + j], indices[row + j]) > key;
        sorted[row + rank] = similarities[row + i];
        sorted_indices[row + rank] = indices[row + i];
    }
}

// ---------------------------------------------------------------------------- launchers

int next_power_of_two(int64_t k) {
    int power = 1;
    while (power < k) power *= 2;
    return power;
}

} // namespace

int64_t product_rows(int64_t n) {
    // Small on the host, so that small tests have several blocks.
    constexpr int64_t bytes = GPU_ON_HOST ? 8 << 10 : 64 << 20;
    return std::min(n, std::max<int64_t>(bytes / (n * static_cast<int64_t>(sizeof(float))), 1));
}

void knn(const Workspace& work, const KnnArguments& a) {
    const int64_t n = a.n, k = a.k;
    const int64_t most = product_rows(n);
    const bool in_place = k <= sort_limit;
    const auto products = work.buffer<float>(most * n, "products");
    DeviceBuffer<float> unsorted;
    DeviceBuffer<int32_t> unsorted_indices;
    if (!in_place) {
        unsorted = work.buffer<float>(most * k, "unsorted similarities");
        unsorted_indices = work.buffer<int32_t>(most * k, "unsorted indices");
    }
    for (int64_t first = 0; first < n; first += most) {
        const int64_t rows = std::min(most, n - first);
        const unsigned blocks = block_count(rows, 1);
        float* const block_similarities = a.similarities + first * k;
        int32_t* const block_indices = a.indices + first * k;
        float* const selected = in_place ? block_similarities : unsorted.data();
        int32_t* const selected_indices = in_place ? block_indices : unsorted_indices.data();
        matrix_product(work, a.features + first * a.d, rows, a.features, n, a.d, products.data());
        GPU_LAUNCH(select_neighbours_kernel, blocks, select_threads, 0, work.stream, products.data(),
                   static_cast<int>(n), static_cast<int>(k), selected, selected_indices);
        if (in_place)
            GPU_LAUNCH(sort_neighbours_kernel, blocks, select_threads, 0, work.stream, static_cast<int>(k),
                       next_power_of_two(k), selected, selected_indices);
        else
            GPU_LAUNCH(rank_neighbours_kernel, blocks, select_threads, 0, work.stream, selected, selected_indices,
                       static_cast<int>(k), block_similarities, block_indices);
    }
}

} // namespace lposs::cuda
