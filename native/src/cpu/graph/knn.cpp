// F F^T is symmetric, so a block of the product is made once and serves its rows and, transposed, its columns. A strip
// of rows [first, end) times all rows from `first` on gives
//   direct     [end - first, N - first]: the rest of the similarities of the strip's own rows,
//   transposed [N - end, end - first]:   a segment of the similarities of every later row.
// Strips follow one another, so each row sees its similarities in ascending order of the other's index.
#include "cpu/graph/knn.h"

#include "core/checked_size.h"
#include "core/operations/knn.h"

#include <algorithm>
#include <bit>

namespace lposs::cpu {
namespace {

constexpr int64_t vector_floats = 16; // of the widest instruction set
constexpr int64_t strip_floats = int64_t{2} << 20;
constexpr int64_t rows_per_task = 16;

// Rows of a strip: as many as make `direct` hold strip_floats, a whole number of blocks.
int64_t rows_of_strip(int64_t n) {
    const int64_t fitting = strip_floats / std::max<int64_t>(n, 1) / product_block * product_block;
    return std::clamp(fitting, product_block, round_up(std::max<int64_t>(n, 1), product_block));
}

struct Strip {
    int64_t first, end;
    float* direct;
    int64_t direct_stride;
    float* transposed;
    int64_t transposed_stride;
};

// The blocks of one strip that lie on or above the diagonal, as (row, column) of their first element.
std::vector<std::pair<int64_t, int64_t>> blocks_of(const Strip& strip, int64_t n) {
    std::vector<std::pair<int64_t, int64_t>> blocks;
    for (int64_t row = strip.first; row < strip.end; row += product_block)
        for (int64_t column = row; column < n; column += product_block) blocks.emplace_back(row, column);
    return blocks;
}

void make_block(const MatrixProductKernels& kernels, const PackedRows& rows, const Strip& strip, int64_t row,
                int64_t column) {
    const int64_t row_panels = rows.block_panels(row), column_panels = rows.block_panels(column);
    const int64_t stride = strip.direct_stride;
    float* block = strip.direct + (row - strip.first) * stride + (column - strip.first);
    kernels.multiply(rows.block(row), row_panels, rows.block(column), column_panels, rows.depth(), row == column, block,
                     stride);
    const int64_t height = row_panels * kernels.panel_rows, width = column_panels * kernels.panel_rows;
    if (row == column) {
        for (int64_t below = kernels.panel_rows; below < height; below += kernels.panel_rows)
            kernels.transpose(block + below, stride, below, kernels.panel_rows, block + below * stride, stride);
    } else if (column < strip.end) {
        kernels.transpose(block, stride, height, width,
                          strip.direct + (column - strip.first) * stride + (row - strip.first), stride);
    } else {
        kernels.transpose(block, stride, height, width,
                          strip.transposed + (column - strip.end) * strip.transposed_stride + (row - strip.first),
                          strip.transposed_stride);
    }
}

// Sorts ascending as: larger value first, then lower position. A total order, also with infinity and NaN.
uint64_t rank_key(float value, uint32_t position) {
    const auto bits = std::bit_cast<uint32_t>(value + 0.0F); // -0 becomes 0
    const uint32_t ascending = bits & 0x80000000U ? ~bits : bits | 0x80000000U;
    return uint64_t{~ascending} << 32 | position;
}

int64_t list_stride(int64_t k) {
    return round_up(k, vector_floats);
}

} // namespace

NeighbourLists nearest_neighbours(const Workspace& work, const PackedRows& rows, int64_t k) {
    const int64_t n = rows.count();
    const int64_t stride = list_stride(k);
    const int64_t list_size = checked_multiply(n, stride, "neighbour lists");
    NeighbourLists lists{n, k, stride, work.buffer<float>(list_size), work.buffer<int32_t>(list_size)};

    const int64_t strip_rows = rows_of_strip(n);
    const int64_t width = round_up(n, vector_floats);
    const Buffer<float> direct = work.buffer<float>(checked_multiply(strip_rows, width, "similarities"));
    const Buffer<float> transposed = work.buffer<float>(std::max<int64_t>(width - strip_rows, 0) * strip_rows);

    for (int64_t first = 0; first < n; first += strip_rows) {
        const Strip strip{first,
                          std::min(first + strip_rows, n),
                          direct.data(),
                          round_up(n - first, vector_floats),
                          transposed.data(),
                          strip_rows};
        const auto blocks = blocks_of(strip, n);
        work.threads.run(static_cast<int64_t>(blocks.size()), [&](int64_t task, int) {
            const auto [row, column] = blocks[static_cast<size_t>(task)];
            make_block(work.kernels.matrix_product, rows, strip, row, column);
        });
        work.threads.run(ceil_div(n - first, rows_per_task), [&](int64_t task, int) {
            const int64_t begin = first + task * rows_per_task;
            for (int64_t i = begin; i < std::min(begin + rows_per_task, n); ++i) {
                const bool own = i < strip.end;
                float* segment = own ? strip.direct + (i - first) * strip.direct_stride
                                     : strip.transposed + (i - strip.end) * strip.transposed_stride;
                work.kernels.top_k.merge(lists.similarities.data() + i * stride, lists.indices.data() + i * stride,
                                         std::min(k, first), k, segment, (own ? n : strip.end) - first,
                                         static_cast<int32_t>(first));
            }
        });
    }
    return lists;
}

Cost nearest_neighbours_cost(int64_t n, int64_t k) {
    const int64_t strip_rows = rows_of_strip(n);
    const int64_t width = round_up(n, vector_floats);
    const int64_t floats =
        checked_multiply(strip_rows, width, "similarities") + std::max<int64_t>(width - strip_rows, 0) * strip_rows;
    return {checked_multiply(n, list_stride(k), 8, "neighbour lists"),
            checked_multiply(floats, static_cast<int64_t>(sizeof(float)), "similarities")};
}

void knn(const Workspace& work, const KnnArguments& a) {
    const int64_t n = a.n, k = a.k;
    const NeighbourLists lists = nearest_neighbours(work, PackedRows(work, a.features, n, a.d), k);
    std::vector<std::vector<uint64_t>> sorting(static_cast<size_t>(work.threads.thread_count()));
    work.threads.run(ceil_div(n, rows_per_task), [&](int64_t task, int thread) {
        auto& row = sorting[static_cast<size_t>(thread)];
        row.resize(static_cast<size_t>(k));
        for (int64_t i = task * rows_per_task; i < std::min((task + 1) * rows_per_task, n); ++i) {
            const float* values = lists.similarities.data() + i * lists.stride;
            const int32_t* others = lists.indices.data() + i * lists.stride;
            for (int64_t j = 0; j < k; ++j) row[static_cast<size_t>(j)] = rank_key(values[j], static_cast<uint32_t>(j));
            std::sort(row.begin(), row.end());
            for (int64_t j = 0; j < k; ++j) {
                const auto position = static_cast<uint32_t>(row[static_cast<size_t>(j)]);
                a.similarities[i * k + j] = values[position];
                a.indices[i * k + j] = others[position];
            }
        }
    });
}

} // namespace lposs::cpu
