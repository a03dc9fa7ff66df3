// Each output row is complete when its task ends: the windows over the row are added in their order, then the sums are
// divided, while the row is still in the cache.
#include "core/operations/stitch.h"

#include "core/checked_size.h"
#include "cpu/image/bilinear.h"

#include <algorithm>
#include <map>
#include <utility>

namespace lposs::cpu {
namespace {

struct Grid {
    Window window;
    int64_t first_patch; // row of patch_scores
    int64_t width;       // patches
    const BilinearAxis* rows;
    const BilinearAxis* columns;
};

// The windows' grids with their axes; windows of one size share them.
class Grids {
public:
    Grids(const std::vector<Window>& windows, int32_t patch_size) {
        int64_t patches = 0;
        for (const Window& window : windows) {
            const int64_t grid_height = ceil_div(window.height(), patch_size);
            const int64_t grid_width = ceil_div(window.width(), patch_size);
            grids_.push_back(
                {window, patches, grid_width, axis(grid_height, window.height()), axis(grid_width, window.width())});
            patches += grid_height * grid_width;
        }
    }
    const std::vector<Grid>& all() const { return grids_; }

private:
    const BilinearAxis* axis(int64_t input, int64_t output) {
        return &axes_.try_emplace({input, output}, input, output).first->second;
    }

    std::map<std::pair<int64_t, int64_t>, BilinearAxis> axes_;
    std::vector<Grid> grids_;
};

// The wanted columns of row y of a window's patch scores, blended between two rows of the grid: row [grid width,count].
void blend_grid_rows(const StitchArguments& a, const Grid& grid, size_t y, std::vector<float>& row) {
    const int64_t prompts = a.prompts, count = a.count;
    const int32_t* const columns = a.host_columns;
    const float fraction = grid.rows->fraction[y];
    const float* top = a.patch_scores + (grid.first_patch + grid.rows->low[y] * grid.width) * prompts;
    const float* bottom = a.patch_scores + (grid.first_patch + grid.rows->high[y] * grid.width) * prompts;
    row.resize(static_cast<size_t>(grid.width * count));
    float* out = row.data();
    for (int64_t x = 0; x < grid.width; ++x, top += prompts, bottom += prompts)
        for (int64_t c = 0; c < count; ++c) *out++ = top[columns[c]] * (1 - fraction) + bottom[columns[c]] * fraction;
}

void divide_by_cover(const std::vector<int32_t>& cover, int64_t count, float* row) {
    for (const int32_t windows : cover) {
        if (windows > 1) {
            const float share = 1.0F / static_cast<float>(windows);
            for (int64_t c = 0; c < count; ++c) row[c] *= share;
        }
        row += count;
    }
}

} // namespace

void stitch(const Workspace& work, const StitchArguments& a) {
    const Grids grids(a.windows, a.patch_size);
    const int64_t width = a.size.width, count = a.count;
    work.threads.run(a.size.height, [&](int64_t y, int) {
        std::vector<float> blended;
        std::vector<int32_t> cover(static_cast<size_t>(width), 0);
        float* out = a.scores + y * width * count;
        std::fill_n(out, width * count, 0.0F);
        for (const Grid& grid : grids.all()) {
            const Window& window = grid.window;
            if (y < window.y1 || y >= window.y2) continue;
            blend_grid_rows(a, grid, static_cast<size_t>(y - window.y1), blended);
            work.kernels.resize.accumulate(blended.data(), grid.columns->samples(0, window.width()), count,
                                           out + window.x1 * count);
            for (int64_t x = window.x1; x < window.x2; ++x) ++cover[static_cast<size_t>(x)];
        }
        divide_by_cover(cover, count, out);
    });
}

} // namespace lposs::cpu
