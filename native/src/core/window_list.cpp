#include "core/window_list.h"

#include "core/checked_size.h"
#include "core/tensor.h"

#include <algorithm>

namespace lposs {

std::vector<Window> read_windows(const lposs_tensor& windows, const char* name) {
    check_tensor(windows, name, {LPOSS_INT32}, {"n", 4});
    check_host(windows, name);
    constexpr int32_t largest = 1 << 30;
    const auto* rows = data_of<const Window>(windows);
    std::vector<Window> list(rows, rows + windows.shape[0]);
    for (size_t i = 0; i < list.size(); ++i) {
        const Window& w = list[i];
        if (w.y1 < 0 || w.x1 < 0 || w.y2 <= w.y1 || w.x2 <= w.x1 || w.y2 > largest || w.x2 > largest)
            fail(LPOSS_ERROR_INVALID_ARGUMENT,
                 "%s: row %zu is (%d, %d, %d, %d); it must be (y1, y2, x1, x2) with 0 <= y1 < y2 and 0 <= x1 "
                 "< x2",
                 name, i, w.y1, w.y2, w.x1, w.x2);
    }
    return list;
}

void check_cover(const std::vector<Window>& windows, int64_t height, int64_t width, const char* name) {
    for (size_t i = 0; i < windows.size(); ++i)
        if (windows[i].y2 > height || windows[i].x2 > width)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: row %zu ends at (%d, %d), outside the image of %lld x %lld", name,
                 i, windows[i].y2, windows[i].x2, static_cast<long long>(height), static_cast<long long>(width));

    // Rows between two neighbouring window edges are covered alike, so one row of each such band is looked at.
    std::vector<int64_t> edges{0};
    for (const Window& w : windows) {
        edges.push_back(w.y1);
        edges.push_back(w.y2);
    }
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    for (const int64_t y : edges) {
        if (y >= height) break;
        std::vector<Window> over;
        for (const Window& w : windows)
            if (w.y1 <= y && y < w.y2) over.push_back(w);
        std::sort(over.begin(), over.end(), [](const Window& a, const Window& b) { return a.x1 < b.x1; });
        int64_t reached = 0;
        for (const Window& w : over)
            if (w.x1 <= reached) reached = std::max<int64_t>(reached, w.x2);
        if (reached < width)
            fail(LPOSS_ERROR_INVALID_ARGUMENT,
                 "%s: no window covers the pixel (%lld, %lld); together they must cover "
                 "%lld x %lld",
                 name, static_cast<long long>(y), static_cast<long long>(reached), static_cast<long long>(height),
                 static_cast<long long>(width));
    }
}

void check_patch_size(int32_t patch_size, const char* name) {
    if (patch_size < 1 || patch_size > 256)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is %d; it may be 1 to 256 pixels", name, patch_size);
}

int64_t patch_count(const std::vector<Window>& windows, int32_t patch_size) {
    int64_t count = 0;
    for (const Window& w : windows) {
        count += ceil_div(w.height(), patch_size) * ceil_div(w.width(), patch_size);
        if (count > INT32_MAX)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "windows: hold more than %d patches together", INT32_MAX);
    }
    return count;
}

std::vector<float> patch_centres(const std::vector<Window>& windows, int32_t patch_size) {
    std::vector<float> centres;
    centres.reserve(static_cast<size_t>(patch_count(windows, patch_size)) * 2);
    for (const Window& w : windows)
        for (int64_t i = 0; i < ceil_div(w.height(), patch_size); ++i)
            for (int64_t j = 0; j < ceil_div(w.width(), patch_size); ++j) {
                centres.push_back(static_cast<float>(w.y1 + patch_size / 2 + i * patch_size));
                centres.push_back(static_cast<float>(w.x1 + patch_size / 2 + j * patch_size));
            }
    return centres;
}

} // namespace lposs
