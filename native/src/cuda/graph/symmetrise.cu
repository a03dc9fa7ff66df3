// A^T by a stable counting sort, so that the order of the threads decides nothing: the rows of A are cut into chunks,
// the entries of each column are counted per chunk (integers: their order does not matter), and each chunk then deals
// its rows out one after the other. W's row i is the union of two ascending rows: both are added into a piece of a
// dense row in shared memory, which is then compacted in the order of the columns. Its place needs no counting, since
// it cannot be longer than the two together.
#include "cuda/graph/symmetrise.h"

#include "cuda/runtime/block.cuh"

#include <algorithm>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;
constexpr int dense_columns = GPU_ON_HOST ? 64 : 4096; // of a row at a time; few on the host, so that rows have pieces

/// Adds to counts [chunks,N] the entries of each column within a chunk of rows; one block per chunk.
__global__ void count_columns_kernel(const int32_t* columns, int64_t n, int64_t k, int64_t chunk_rows, int* counts) {
    const int64_t first = blockIdx.x * chunk_rows * k;
    const int64_t last = min((blockIdx.x + 1) * chunk_rows, n) * k;
    int* chunk = counts + blockIdx.x * n;
    for (int64_t e = first + threadIdx.x; e < last; e += threads) atomicAdd(&chunk[columns[e]], 1);
}

/// One thread per column: counts become how many entries the column has in the chunks before; lengths [N] all of them.
__global__ void sum_chunks_kernel(int64_t n, int64_t chunks, int* counts, int64_t* lengths) {
    const int64_t column = int64_t{blockIdx.x} * threads + threadIdx.x;
    if (column < n) {
        int before = 0;
        for (int64_t chunk = 0; chunk < chunks; ++chunk) {
            const int count = counts[chunk * n + column];
            counts[chunk * n + column] = before;
            before += count;
        }
        lengths[column] = before;
    }
}

/// One block: begins [N+1] = the sums of the lengths before.
__global__ void sum_lengths_kernel(const int64_t* lengths, int64_t n, int64_t* begins) {
    int64_t sum = 0;
    for (int64_t piece = 0; piece < n; piece += threads) {
        const int64_t i = piece + threadIdx.x;
        const long long length = i < n ? lengths[i] : 0;
        const long long before = block_sum_before<threads>(length);
        if (i < n) begins[i] = sum + before;
        sum += block_sum<threads>(length);
    }
    if (threadIdx.x == 0) begins[n] = sum;
}

/// One block per chunk: its rows one after the other, so that rows ascend within a column of A.
__global__ void deal_rows_kernel(const int32_t* columns, const float* weights, int64_t n, int64_t k, int64_t chunk_rows,
                                 const int64_t* begins, int* counts, int32_t* rows, float* row_weights) {
    int* dealt = counts + blockIdx.x * n;
    const int64_t last = min((blockIdx.x + 1) * chunk_rows, n);
    for (int64_t row = blockIdx.x * chunk_rows; row < last; ++row) {
        for (int64_t e = row * k + threadIdx.x; e < (row + 1) * k; e += threads) {
            const int32_t column = columns[e]; // once in a row, so no other thread has it now
            const int64_t place = begins[column] + dealt[column];
            rows[place] = static_cast<int32_t>(row);
            row_weights[place] = weights[e];
            ++dealt[column];
        }
        __syncthreads();
    }
}

/// The first entry in [begin, end) whose column is not below `column`.
__device__ __forceinline__ int64_t lower_bound(const int32_t* columns, int64_t begin, int64_t end, int64_t column) {
    while (begin < end) {
        const int64_t middle = (begin + end) / 2;
        if (columns[middle] < column)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

/// One block per row i of W; A's row and A^T's row [begins[i], begins[i+1]).
__global__ void add_transpose_kernel(const int32_t* columns, const float* weights, const int64_t* begins,
                                     const int32_t* rows, const float* row_weights, int64_t n, int64_t k,
                                     int64_t* sum_begins, int64_t* sum_ends, int32_t* sum_columns, float* sum_weights,
                                     double* degrees) {
    GPU_SHARED(float, dense, [dense_columns]);
    GPU_SHARED(int, counts, [2][threads / warp_lanes]);
    const int64_t i = blockIdx.x;
    const int thread = static_cast<int>(threadIdx.x);
    int64_t a = i * k, t = begins[i];
    const int64_t a_end = a + k, t_end = begins[i + 1];
    const int64_t begin = a + t;
    int64_t end = begin;
    double degree = 0.0;
    int turn = 0;
    for (int64_t piece = 0; piece < n; piece += dense_columns) {
        const int width = static_cast<int>(min(n - piece, int64_t{dense_columns}));
        for (int c = thread; c < width; c += threads) dense[c] = 0.0f;
        __syncthreads();
        const int64_t a_next = lower_bound(columns, a, a_end, piece + width);
        for (int64_t e = a + thread; e < a_next; e += threads) dense[columns[e] - piece] = weights[e];
        __syncthreads();
        const int64_t t_next = lower_bound(rows, t, t_end, piece + width);
        for (int64_t e = t + thread; e < t_next; e += threads) dense[rows[e] - piece] += row_weights[e];
        __syncthreads();
        for (int c = 0; c < width; c += threads, turn ^= 1) {
            const int64_t column = piece + c + thread;
            const float weight = c + thread < width ? dense[c + thread] : 0.0f;
            const bool kept = weight != 0.0f && column != i;
            const FlagCounts flags = count_flags<threads>(kept, false, counts[turn]);
            if (kept) {
                sum_columns[end + flags.first_before] = static_cast<int32_t>(column);
                sum_weights[end + flags.first_before] = weight;
                degree += static_cast<double>(weight);
            }
            end += flags.first_total;
        }
        a = a_next;
        t = t_next;
    }
    degree = block_sum<threads>(degree);
    if (thread == 0) {
        sum_begins[i] = begin;
        sum_ends[i] = end;
        degrees[i] = degree;
    }
}

// ---------------------------------------------------------------------------- launchers

/// At most 128 chunks: their counts take 128 N integers.
int64_t rows_per_chunk(int64_t n) {
    return std::max<int64_t>(ceil_div(n, 128), 8);
}

} // namespace

SparseRows add_transpose(const Workspace& work, const FixedRows& a, int64_t n, int64_t k, double* degrees) {
    const int64_t chunk_rows = rows_per_chunk(n);
    const int64_t chunks = ceil_div(n, chunk_rows);
    SparseRows sum{work.buffer<int64_t>(n, "row begins"), work.buffer<int64_t>(n, "row ends"),
                   work.buffer<int32_t>(2 * n * k, "columns of W"), work.buffer<float>(2 * n * k, "weights of W")};
    const auto counts = work.buffer<int>(chunks * n, "column counts");
    const auto lengths = work.buffer<int64_t>(n, "column lengths");
    const auto begins = work.buffer<int64_t>(n + 1, "column begins");
    const auto rows = work.buffer<int32_t>(n * k, "rows of A^T");
    const auto row_weights = work.buffer<float>(n * k, "weights of A^T");

    GPU_CHECK(cudaMemsetAsync(counts.data(), 0, static_cast<size_t>(chunks * n) * sizeof(int), work.stream));
    GPU_LAUNCH(count_columns_kernel, block_count(chunks, 1), threads, 0, work.stream, a.columns.data(), n, k,
               chunk_rows, counts.data());
    GPU_LAUNCH(sum_chunks_kernel, block_count(n, threads), threads, 0, work.stream, n, chunks, counts.data(),
               lengths.data());
    GPU_LAUNCH(sum_lengths_kernel, 1, threads, 0, work.stream, lengths.data(), n, begins.data());
    GPU_LAUNCH(deal_rows_kernel, block_count(chunks, 1), threads, 0, work.stream, a.columns.data(), a.weights.data(), n,
               k, chunk_rows, begins.data(), counts.data(), rows.data(), row_weights.data());
    GPU_LAUNCH(add_transpose_kernel, block_count(n, 1), threads, 0, work.stream, a.columns.data(), a.weights.data(),
               begins.data(), rows.data(), row_weights.data(), n, k, sum.begins.data(), sum.ends.data(),
               sum.columns.data(), sum.weights.data(), degrees);
    return sum;
}

Cost add_transpose_cost(int64_t n, int64_t k) {
    const int64_t chunks = ceil_div(n, rows_per_chunk(n));
    Cost cost;
    cost.kept = 2 * buffer_cost(n, sizeof(int64_t)) + buffer_cost(2 * n * k, sizeof(int32_t)) +
                buffer_cost(2 * n * k, sizeof(float));
    cost.scratch = buffer_cost(chunks * n, sizeof(int)) + buffer_cost(n, sizeof(int64_t)) +
                   buffer_cost(n + 1, sizeof(int64_t)) + buffer_cost(n * k, sizeof(int32_t)) +
                   buffer_cost(n * k, sizeof(float));
    return cost;
}

} // namespace lposs::cuda
