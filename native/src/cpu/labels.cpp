#include "cpu/labels.h"

#include "checked_size.h"
#include "cpu/resample.h"

#include <algorithm>

namespace lposs::cpu {
namespace {

constexpr int64_t block = 4096; // pixels per task

template <class Task>
void for_pixel_blocks(const Workspace& work, int64_t pixels, const Task& task) {
    work.threads.run(ceil_div(pixels, block),
                     [&](int64_t index, int) { task(index * block, std::min((index + 1) * block, pixels)); });
}

// The prompts of each class, class after class.
struct PromptLists {
    std::vector<int32_t> prompts;
    std::vector<size_t> begin; // [classes + 1]

    PromptLists(const int32_t* classes_of, int64_t prompt_count, int64_t classes)
        : prompts(static_cast<size_t>(prompt_count)), begin(static_cast<size_t>(classes) + 1) {
        for (int64_t p = 0; p < prompt_count; ++p) ++begin[static_cast<size_t>(classes_of[p]) + 1];
        for (size_t c = 1; c < begin.size(); ++c) begin[c] += begin[c - 1];
        std::vector<size_t> next(begin);
        for (int64_t p = 0; p < prompt_count; ++p)
            prompts[next[static_cast<size_t>(classes_of[p])]++] = static_cast<int32_t>(p);
    }
};

template <class Label>
void write_as(const Workspace& work, const LabelState& state, int64_t pixels, Label* labels) {
    for_pixel_blocks(work, pixels, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) labels[i] = static_cast<Label>(state.label[i]);
    });
}

} // namespace

void merge_prompts(const Workspace& work, const float* scores, int64_t m, int64_t prompts,
                   const int32_t* classes_of, int64_t classes, float* output) {
    const PromptLists lists(classes_of, prompts, classes);
    for_pixel_blocks(work, m, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const float* row = scores + i * prompts;
            float* out = output + i * classes;
            for (size_t c = 0; c + 1 < lists.begin.size(); ++c) {
                float largest = row[lists.prompts[lists.begin[c]]];
                for (size_t k = lists.begin[c] + 1; k < lists.begin[c + 1]; ++k)
                    largest = std::max(largest, row[lists.prompts[k]]);
                out[c] = largest;
            }
        }
    });
}

void label(const Workspace& work, const float* scores, int64_t height, int64_t width, int64_t classes,
           int64_t output_height, int64_t output_width, int32_t first_class, bool first,
           const LabelState& state) {
    const auto race_at = [&](int64_t pixel) {
        return LabelRace{state.label + pixel, state.best + pixel, state.second + pixel, first_class, first};
    };
    if (height == output_height && width == output_width) {
        for_pixel_blocks(work, height * width, [&](int64_t begin, int64_t end) {
            work.kernels.labels.compete(scores + begin * classes, end - begin, classes, race_at(begin));
        });
        return;
    }
    const BilinearAxis rows(height, output_height), columns(width, output_width);
    const RowTiles tiles(output_height, output_width);
    work.threads.run(tiles.count(), [&](int64_t index, int) {
        const RowTile tile = tiles[index];
        const auto y = static_cast<size_t>(tile.y);
        work.kernels.labels.compete_blended(
            scores + rows.low[y] * width * classes, scores + rows.high[y] * width * classes, rows.fraction[y],
            columns.samples(tile.begin, tile.end), classes, race_at(tile.y * output_width + tile.begin));
    });
}

void write_labels(const Workspace& work, const LabelState& state, int64_t pixels, bool one_class,
                  void* labels, lposs_dtype dtype, float* confidence) {
    switch (dtype) {
    case LPOSS_UINT8:
        write_as(work, state, pixels, static_cast<uint8_t*>(labels));
        break;
    case LPOSS_UINT16:
        write_as(work, state, pixels, static_cast<uint16_t*>(labels));
        break;
    case LPOSS_INT32:
        write_as(work, state, pixels, static_cast<int32_t*>(labels));
        break;
    default:
        fail(LPOSS_ERROR_INTERNAL, "labels cannot be written as dtype %d", dtype);
    }
    if (!confidence) return;
    for_pixel_blocks(work, pixels, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
            confidence[i] = one_class ? 0.0F : state.best[i] - state.second[i];
    });
}

} // namespace lposs::cpu
