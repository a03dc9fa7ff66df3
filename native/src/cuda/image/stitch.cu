// A block makes 64 pixels of a row. It picks the windows over them, in their order, into shared memory with the place
// of each pixel in each window's grid, then sums every score over them. Windows come in batches of at most 16; further
// batches, which ordinary settings do not have, add to what the block has written before.
#include "core/operations/stitch.h"

#include "cuda/image/bilinear.cuh"
#include "cuda/runtime/block.cuh"
#include "cuda/runtime/upload.h"

#include <vector>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;
constexpr int tile_pixels = 64;
constexpr int batch_windows = GPU_ON_HOST ? 4 : 16; // few on the host, so that small tests have several batches

/// A window and its grid of patches, whose first is row first_patch of patch_scores.
struct Grid {
    Window window;
    int64_t first_patch;
    int32_t height, width;
};

struct StitchShape {
    int64_t width; ///< of the image
    int64_t prompts;
    int64_t count; ///< of the prompts that are wanted
    int window_count;
};

/// A window over the tile: rows of patch_scores where the grid's rows above and below start.
struct BatchWindow {
    int64_t top, bottom;
    float fraction;
    int x1, x2, grid_width;
};

/// Where a pixel lies along a grid's row; fraction < 0: not in the window.
struct Place {
    int low, high;
    float fraction;
};

/// The next windows over row y, pixels [x1, x2), from `next` on; returns how many. Every thread comes here.
__device__ __forceinline__ int pick_windows(const Grid* grids, int grid_count, int64_t y, int64_t x1, int64_t x2,
                                            int& next, BatchWindow* picked) {
    GPU_SHARED(int, counts, [2][threads / warp_lanes]);
    GPU_SHARED(int, shared_next);
    int found = 0, turn = 0;
    while (next < grid_count && found < batch_windows) {
        const int number = next + static_cast<int>(threadIdx.x);
        Window window = {0, 0, 0, 0};
        if (number < grid_count) window = grids[number].window;
        const bool over = y >= window.y1 && y < window.y2 && x1 < window.x2 && window.x1 < x2;
        const FlagCounts flags = count_flags<threads>(over, false, counts[turn]);
        const int slot = found + flags.first_before;
        if (over && slot < batch_windows) {
            const Grid grid = grids[number];
            const AxisSample row = sample_axis(y - window.y1, grid.height, window.y2 - window.y1);
            BatchWindow& mine = picked[slot];
            mine.top = grid.first_patch + row.low * grid.width;
            mine.bottom = grid.first_patch + row.high * grid.width;
            mine.fraction = static_cast<float>(row.fraction);
            mine.x1 = window.x1;
            mine.x2 = window.x2;
            mine.grid_width = grid.width;
        }
        if (over && slot == batch_windows) shared_next = number;
        __syncthreads();
        next = found + flags.first_total > batch_windows ? shared_next : next + threads;
        found = min(found + flags.first_total, batch_windows);
        turn ^= 1;
    }
    return found;
}

/// One block per row y and tile of it.
__global__ void stitch_kernel(const float* patch_scores, const Grid* grids, const int32_t* columns, StitchShape shape,
                              float* scores) {
    GPU_SHARED(BatchWindow, picked, [batch_windows]);
    GPU_SHARED(Place, places, [batch_windows][tile_pixels]);
    GPU_SHARED(int, cover, [tile_pixels]);
    const int thread = static_cast<int>(threadIdx.x);
    const int64_t tiles = (shape.width + tile_pixels - 1) / tile_pixels;
    const int64_t y = blockIdx.x / tiles, x1 = blockIdx.x % tiles * tile_pixels;
    const int64_t x2 = min(x1 + tile_pixels, shape.width);
    const int values = static_cast<int>((x2 - x1) * shape.count);
    float* const out = scores + (y * shape.width + x1) * shape.count;
    for (int i = thread; i < tile_pixels; i += threads) cover[i] = 0;

    for (int next = 0, batch = 0; next < shape.window_count; ++batch) {
        const int found = pick_windows(grids, shape.window_count, y, x1, x2, next, picked);
        __syncthreads();
        for (int i = thread; i < found * tile_pixels; i += threads) {
            const BatchWindow window = picked[i / tile_pixels];
            const int64_t x = x1 + i % tile_pixels;
            Place place = {0, 0, -1.0f};
            if (x >= window.x1 && x < window.x2) {
                const AxisSample column = sample_axis(x - window.x1, window.grid_width, window.x2 - window.x1);
                place = {static_cast<int>(column.low), static_cast<int>(column.high),
                         static_cast<float>(column.fraction)};
            }
            places[i / tile_pixels][i % tile_pixels] = place;
        }
        __syncthreads();
        for (int i = thread; i < tile_pixels; i += threads)
            for (int w = 0; w < found; ++w) cover[i] += places[w][i].fraction >= 0.0f;
        __syncthreads();
        for (int i = thread; i < values; i += threads) {
            const int x = i / static_cast<int>(shape.count);
            const float* const scores_of = patch_scores + columns[i % static_cast<int>(shape.count)];
            float sum = batch == 0 ? 0.0f : out[i];
            for (int w = 0; w < found; ++w) {
                const Place place = places[w][x];
                if (place.fraction < 0.0f) continue;
                const BatchWindow window = picked[w];
                const float fy = window.fraction, fx = place.fraction;
                const float* const top = scores_of + window.top * shape.prompts;
                const float* const bottom = scores_of + window.bottom * shape.prompts;
                const int64_t low = place.low * shape.prompts, high = place.high * shape.prompts;
                sum += (1.0f - fx) * (top[low] * (1.0f - fy) + bottom[low] * fy) +
                       fx * (top[high] * (1.0f - fy) + bottom[high] * fy);
            }
            out[i] = next < shape.window_count ? sum : sum / static_cast<float>(cover[x]);
        }
        __syncthreads();
    }
}

// ---------------------------------------------------------------------------- launchers

std::vector<Grid> make_grids(const std::vector<Window>& windows, int32_t patch_size) {
    std::vector<Grid> grids;
    int64_t patches = 0;
    for (const Window& window : windows) {
        const auto height = static_cast<int32_t>(ceil_div(window.height(), patch_size));
        const auto width = static_cast<int32_t>(ceil_div(window.width(), patch_size));
        grids.push_back({window, patches, height, width});
        patches += int64_t{height} * width;
    }
    return grids;
}

} // namespace

void stitch(const Workspace& work, const StitchArguments& a) {
    const std::vector<Grid> host_grids = make_grids(a.windows, a.patch_size);
    const auto grid_count = static_cast<int64_t>(host_grids.size());
    const auto grids = upload(work, host_grids.data(), grid_count, "windows' grids");
    const auto wanted = upload(work, a.host_columns, a.count, "wanted prompts");
    const StitchShape shape = {a.size.width, a.prompts, a.count, static_cast<int>(grid_count)};
    GPU_LAUNCH(stitch_kernel, block_count(a.size.height * ceil_div(a.size.width, tile_pixels), 1), threads, 0,
               work.stream, a.patch_scores, grids.data(), wanted.data(), shape, a.scores);
}

} // namespace lposs::cuda
