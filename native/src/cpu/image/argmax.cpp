#include "core/operations/argmax.h"

#include "core/checked_size.h"
#include "cpu/image/bilinear.h"
#include "cpu/runtime/workspace.h"

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

    explicit PromptLists(const MergePromptsArguments& a)
        : prompts(static_cast<size_t>(a.prompts)), begin(static_cast<size_t>(a.classes) + 1) {
        for (int64_t p = 0; p < a.prompts; ++p) ++begin[static_cast<size_t>(a.host_classes[p]) + 1];
        for (size_t c = 1; c < begin.size(); ++c) begin[c] += begin[c - 1];
        std::vector<size_t> next(begin);
        for (int64_t p = 0; p < a.prompts; ++p)
            prompts[next[static_cast<size_t>(a.host_classes[p])]++] = static_cast<int32_t>(p);
    }
};

template <class Label>
void write_as(const Workspace& work, const WriteLabelsArguments& a) {
    auto* const labels = static_cast<Label*>(a.labels);
    for_pixel_blocks(work, a.pixels, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) labels[i] = static_cast<Label>(a.state.label[i]);
    });
}

} // namespace

void merge_prompts(const Workspace& work, const MergePromptsArguments& a) {
    const PromptLists lists(a);
    for_pixel_blocks(work, a.m, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const float* row = a.scores + i * a.prompts;
            float* out = a.output + i * a.classes;
            for (size_t c = 0; c + 1 < lists.begin.size(); ++c) {
                float largest = row[lists.prompts[lists.begin[c]]];
                for (size_t k = lists.begin[c] + 1; k < lists.begin[c + 1]; ++k)
                    largest = std::max(largest, row[lists.prompts[k]]);
                out[c] = largest;
            }
        }
    });
}

void argmax(const Workspace& work, const ArgmaxArguments& a) {
    const int64_t classes = a.classes;
    const auto race_at = [&](int64_t pixel) {
        return ArgmaxRace{a.state.label + pixel, a.state.best + pixel, a.state.second + pixel, a.first_class, a.first};
    };
    if (a.from == a.to) {
        for_pixel_blocks(work, a.from.pixels(), [&](int64_t begin, int64_t end) {
            work.kernels.argmax.compete(a.scores + begin * classes, end - begin, classes, race_at(begin));
        });
        return;
    }
    const BilinearAxis rows(a.from.height, a.to.height), columns(a.from.width, a.to.width);
    const RowTiles tiles(a.to);
    const int64_t pitch = a.from.width * classes;
    work.threads.run(tiles.count(), [&](int64_t index, int) {
        const RowTile tile = tiles[index];
        const auto y = static_cast<size_t>(tile.y);
        work.kernels.argmax.compete_blended(a.scores + rows.low[y] * pitch, a.scores + rows.high[y] * pitch,
                                            rows.fraction[y], columns.samples(tile.begin, tile.end), classes,
                                            race_at(tile.y * a.to.width + tile.begin));
    });
}

void write_labels(const Workspace& work, const WriteLabelsArguments& a) {
    switch (a.dtype) {
    case LPOSS_UINT8:
        write_as<uint8_t>(work, a);
        break;
    case LPOSS_UINT16:
        write_as<uint16_t>(work, a);
        break;
    case LPOSS_INT32:
        write_as<int32_t>(work, a);
        break;
    default:
        fail(LPOSS_ERROR_INTERNAL, "labels cannot be written as dtype %d", a.dtype);
    }
    if (!a.confidence) return;
    const ArgmaxState& state = a.state;
    for_pixel_blocks(work, a.pixels, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) a.confidence[i] = a.one_class ? 0.0F : state.best[i] - state.second[i];
    });
}

} // namespace lposs::cpu
