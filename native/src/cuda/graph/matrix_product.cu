// A block makes a tile of c, slice by slice of the depth. The slices of a's and b's rows lie in shared memory, turned
// so that a thread reads four rows at a time; the next slice is copied there while this one is multiplied. A thread
// keeps 8 x 8 sums: per step of the depth 4 loads of 16 bytes serve 64 multiply-adds, so arithmetic binds. Tiles are
// small, so that all multiprocessors get nearly as many of them: 2,940 rows have 1,081 in the upper half.
#include "cuda/graph/matrix_product.h"

#include "cuda/runtime/async_copy.cuh"
#include "cuda/runtime/block.cuh"

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

// A warp's lanes: 4 down, 8 across; each has `pieces` squares of 4 x 4 sums in either direction, a warp's width apart.
constexpr int piece = 4;
constexpr int lanes_down = 4, lanes_across = 8;
// One square on the host, so that small tests have several tiles.
constexpr int pieces = GPU_ON_HOST ? 1 : 2;
constexpr int warps_down = 2, warps_across = 1;
constexpr int side = piece * pieces; // a thread's sums
constexpr int warp_height = lanes_down * side, warp_width = lanes_across * side;
constexpr int tile = warps_down * warp_height;
static_assert(tile == warps_across * warp_width, "tiles are square");
constexpr int threads = warps_down * warps_across * warp_lanes;
constexpr int slice = 16;                      // of the depth
constexpr int blocks_at_once = 8;              // on a multiprocessor
constexpr int copied = tile * slice / threads; // by each thread
constexpr int slice_pitch = tile + piece;      // fewer threads of a store meet in a bank

/// A thread's part of the slices of a tile: one column of a slice, every threads / slice-th row.
struct Source {
    const float* next; ///< where the thread's part of the next slice begins
    int rows;          ///< that are left of the matrix from there
};

__device__ __forceinline__ Source find_source(const float* matrix, int64_t rows, int64_t d, int64_t first_row) {
    const int thread = static_cast<int>(threadIdx.x);
    const int64_t row = first_row + thread / slice;
    return {matrix + row * d + thread % slice, static_cast<int>(min(max(rows - row, int64_t{0}), int64_t{tile}))};
}

/// Starts to copy the thread's part of the next slice, zeros beyond the matrix; `inside`: its column is in the matrix.
__device__ __forceinline__ void copy_slice(Source& source, int64_t d, bool inside, float (*rows)[slice_pitch]) {
    constexpr int step = threads / slice;
    const int thread = static_cast<int>(threadIdx.x);
    GPU_UNROLL
    for (int i = 0; i < copied; ++i)
        copy_async(&rows[thread % slice][thread / slice + i * step], source.next + i * step * d,
                   inside && i * step < source.rows);
    source.next += slice;
}

/// `side` values of a row of a slice: pieces of four, `apart` from each other.
__device__ __forceinline__ void load_side(const float* row, int apart, float* values) {
    GPU_UNROLL
    for (int i = 0; i < pieces; ++i) {
        const float4 four = *reinterpret_cast<const float4*>(row + i * apart);
        values[piece * i] = four.x;
        values[piece * i + 1] = four.y;
        values[piece * i + 2] = four.z;
        values[piece * i + 3] = four.w;
    }
}

/// Where the i-th of a thread's rows or columns lies, counted from its first.
__device__ __forceinline__ constexpr int place_of(int i, int apart) {
    return i / piece * apart + i % piece;
}

/// A tile's place among tiles.
struct TilePlace {
    int y, x;
};

/// Tile `index` of those on and above the diagonal, column by column. Blocks that would have nothing to do do not
/// exist, since they spoil the balance between multiprocessors.
__device__ __forceinline__ TilePlace upper_tile(int index) {
    int x = static_cast<int>((sqrtf(8.0f * static_cast<float>(index) + 1.0f) - 1.0f) * 0.5f);
    while (x * (x + 1) / 2 > index) --x; // rounding
    while ((x + 1) * (x + 2) / 2 <= index) ++x;
    return {index - x * (x + 1) / 2, x};
}

/// One block per tile. `symmetric`: a = b; of tiles below the diagonal there are none, they are the others turned.
template <bool symmetric>
__global__ void __launch_bounds__(threads, blocks_at_once)
    matrix_product_kernel(const float* a, int64_t m, const float* b, int64_t n, int64_t d, float* c) {
    GPU_SHARED(float4, a_slices, [2][slice][slice_pitch / piece]);
    GPU_SHARED(float4, b_slices, [2][slice][slice_pitch / piece]);
    TilePlace place = {static_cast<int>(blockIdx.y), static_cast<int>(blockIdx.x)};
    if (symmetric) place = upper_tile(static_cast<int>(blockIdx.x));
    const int64_t first_row = int64_t{place.y} * tile, first_column = int64_t{place.x} * tile;
    const int row = warp_index() / warps_across * warp_height + lane_index() / lanes_across * piece;
    const int column = warp_index() % warps_across * warp_width + lane_index() % lanes_across * piece;
    constexpr int rows_apart = lanes_down * piece, columns_apart = lanes_across * piece;
    const auto slices_of = [](float4(*slices)[slice_pitch / piece]) {
        return reinterpret_cast<float(*)[slice_pitch]>(slices);
    };

    float sums[side][side] = {};
    Source a_source = find_source(a, m, d, first_row), b_source = find_source(b, n, d, first_column);
    int columns_left = static_cast<int>(d) - static_cast<int>(threadIdx.x) % slice;
    const int slices = (static_cast<int>(d) + slice - 1) / slice;
    copy_slice(a_source, d, columns_left > 0, slices_of(a_slices[0]));
    copy_slice(b_source, d, columns_left > 0, slices_of(b_slices[0]));
    end_copy_group();
    for (int s = 0; s < slices; ++s) {
        const int parity = s % 2;
        wait_for_copies<0>();
        __syncthreads(); // this slice is there, and all have multiplied the one before
        if (s + 1 < slices) {
            columns_left -= slice;
            copy_slice(a_source, d, columns_left > 0, slices_of(a_slices[1 - parity]));
            copy_slice(b_source, d, columns_left > 0, slices_of(b_slices[1 - parity]));
            end_copy_group();
        }
        const float(*const a_slice)[slice_pitch] = slices_of(a_slices[parity]);
        const float(*const b_slice)[slice_pitch] = slices_of(b_slices[parity]);
        GPU_UNROLL
        for (int i = 0; i < slice; ++i) {
            float rows[side], columns[side];
            load_side(&a_slice[i][row], rows_apart, rows);
            load_side(&b_slice[i][column], columns_apart, columns);
            GPU_UNROLL
            for (int y = 0; y < side; ++y) {
                GPU_UNROLL
                for (int x = 0; x < side; ++x) sums[y][x] += rows[y] * columns[x];
            }
        }
    }

    // What is left of c below and beside the thread's first sum.
    const int below = static_cast<int>(min(m - first_row, int64_t{tile})) - row;
    const int beside = static_cast<int>(min(n - first_column, int64_t{tile})) - column;
    float* to = c + (first_row + row) * n + first_column + column;
    GPU_UNROLL
    for (int y = 0; y < side; ++y) {
        GPU_UNROLL
        for (int x = 0; x < side; ++x)
            if (place_of(y, rows_apart) < below && place_of(x, columns_apart) < beside)
                to[place_of(x, columns_apart)] = sums[y][x];
        to += (place_of(y + 1, rows_apart) - place_of(y, rows_apart)) * n;
    }
    if (!symmetric || place.x == place.y) return;
    to = c + (first_column + column) * n + first_row + row;
    GPU_UNROLL
    for (int x = 0; x < side; ++x) {
        GPU_UNROLL
        for (int y = 0; y < side; ++y)
            if (place_of(y, rows_apart) < below && place_of(x, columns_apart) < beside)
                to[place_of(y, rows_apart)] = sums[y][x];
        to += (place_of(x + 1, columns_apart) - place_of(x, columns_apart)) * n;
    }
}

// ---------------------------------------------------------------------------- launchers

constexpr int64_t most_rows = int64_t{65535} * tile; // a grid's y extent
constexpr unsigned most_upper_tiles = 1 << 12;       // in a row: their numbers stay exact in float
constexpr int64_t most_depth = std::numeric_limits<int>::max() - slice;

void check_size(const char* what, int64_t size, int64_t most) {
    if (size > most)
        fail(LPOSS_ERROR_UNSUPPORTED, "%lld %s are more than a product on the device takes (%lld)",
             static_cast<long long>(size), what, static_cast<long long>(most));
}

} // namespace

void matrix_product(const Workspace& work, const float* a, int64_t m, const float* b, int64_t n, int64_t d, float* c) {
    check_size("rows", m, most_rows);
    check_size("dimensions", d, most_depth);
    const dim3 grid(block_count(n, tile), block_count(m, tile));
    const bool symmetric = a == b && m == n && grid.x <= most_upper_tiles;
    if (symmetric)
        GPU_LAUNCH(matrix_product_kernel<true>, grid.x * (grid.x + 1) / 2, threads, 0, work.stream, a, m, b, n, d, c);
    else
        GPU_LAUNCH(matrix_product_kernel<false>, grid, threads, 0, work.stream, a, m, b, n, d, c);
}

} // namespace lposs::cuda
