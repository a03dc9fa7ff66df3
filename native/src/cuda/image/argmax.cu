// From scores to labels. A resized score is never stored: eight lanes take an output pixel, each interpolates every
// eighth class and keeps its own best and second, and the eight are compared at the end.
#include "core/operations/argmax.h"

#include "cuda/image/bilinear.cuh"
#include "cuda/runtime/block.cuh"
#include "cuda/runtime/upload.h"

#include <limits>
#include <vector>

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;
constexpr int pixel_lanes = 8;
constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr int32_t no_label = std::numeric_limits<int32_t>::max();

/// output [M,C]; class c has prompts[begins[c] .. begins[c + 1]).
__global__ void merge_prompts_kernel(const float* scores, int64_t m, int64_t prompt_count, const int32_t* prompts,
                                     const int32_t* begins, int64_t classes, float* output) {
    const int64_t i = int64_t{blockIdx.x} * threads + threadIdx.x;
    if (i < m * classes) {
        const int64_t c = i % classes;
        const float* row = scores + i / classes * prompt_count;
        float largest = row[prompts[begins[c]]];
        for (int32_t e = begins[c] + 1; e < begins[c + 1]; ++e) largest = fmaxf(largest, row[prompts[e]]);
        output[i] = largest;
    }
}

struct Winner {
    float best, second;
    int32_t label;
};

__device__ __forceinline__ void challenge(Winner& winner, float score, int32_t label) {
    if (score > winner.best || (score == winner.best && label < winner.label)) {
        winner.second = winner.best;
        winner.best = score;
        winner.label = label;
    } else if (score > winner.second) {
        winner.second = score;
    }
}

/// Lets another group of classes compete, of which the best and the second are known.
__device__ __forceinline__ void merge(Winner& winner, const Winner& other) {
    challenge(winner, other.best, other.label);
    winner.second = fmaxf(winner.second, other.second);
}

__global__ void argmax_kernel(ArgmaxArguments a) {
    constexpr int pixels_per_block = threads / pixel_lanes;
    const int lane = static_cast<int>(threadIdx.x) % pixel_lanes;
    const int64_t pixel = int64_t{blockIdx.x} * pixels_per_block + static_cast<int>(threadIdx.x) / pixel_lanes;
    const bool inside = pixel < a.to.height * a.to.width;
    Winner winner = {-infinity, -infinity, no_label};
    if (inside) {
        const AxisSample y = sample_axis(pixel / a.to.width, a.from.height, a.to.height);
        const AxisSample x = sample_axis(pixel % a.to.width, a.from.width, a.to.width);
        const Corners corners = find_corners(y, x, a.from.width);
        for (int64_t c = lane; c < a.classes; c += pixel_lanes)
            challenge(winner, blend(corners, a.scores + c, a.classes), a.first_class + static_cast<int32_t>(c));
    }
    for (int offset = pixel_lanes / 2; offset > 0; offset /= 2) {
        Winner other;
        other.best = __shfl_down_sync(full_warp, winner.best, static_cast<unsigned>(offset));
        other.second = __shfl_down_sync(full_warp, winner.second, static_cast<unsigned>(offset));
        other.label = __shfl_down_sync(full_warp, winner.label, static_cast<unsigned>(offset));
        merge(winner, other);
    }
    if (inside && lane == 0) {
        if (winner.label == no_label) winner.label = a.first_class; // no score was a number
        const ArgmaxState& state = a.state;
        if (!a.first) {
            Winner before = {state.best[pixel], state.second[pixel], state.label[pixel]};
            merge(before, winner);
            winner = before;
        }
        state.best[pixel] = winner.best;
        state.second[pixel] = winner.second;
        state.label[pixel] = winner.label;
    }
}

template <class Label>
__global__ void write_labels_kernel(ArgmaxState state, int64_t pixels, bool one_class, Label* labels,
                                    float* confidence) {
    const int64_t i = int64_t{blockIdx.x} * threads + threadIdx.x;
    if (i < pixels) {
        labels[i] = static_cast<Label>(state.label[i]);
        if (confidence) confidence[i] = one_class ? 0.0f : state.best[i] - state.second[i];
    }
}

// ---------------------------------------------------------------------------- launchers

template <class Label>
void write_as(const Workspace& work, const WriteLabelsArguments& a) {
    GPU_LAUNCH((write_labels_kernel<Label>), block_count(a.pixels, threads), threads, 0, work.stream, a.state, a.pixels,
               a.one_class, static_cast<Label*>(a.labels), a.confidence);
}

} // namespace

void merge_prompts(const Workspace& work, const MergePromptsArguments& a) {
    if (a.m == 0) return;
    std::vector<int32_t> begins(static_cast<size_t>(a.classes) + 1);
    std::vector<int32_t> order(static_cast<size_t>(a.prompts));
    for (int64_t p = 0; p < a.prompts; ++p) ++begins[static_cast<size_t>(a.host_classes[p]) + 1];
    for (size_t c = 1; c < begins.size(); ++c) begins[c] += begins[c - 1];
    std::vector<int32_t> next(begins);
    for (int64_t p = 0; p < a.prompts; ++p)
        order[static_cast<size_t>(next[static_cast<size_t>(a.host_classes[p])]++)] = static_cast<int32_t>(p);

    const auto device_order = upload(work, order.data(), a.prompts, "prompts by class");
    const auto device_begins = upload(work, begins.data(), a.classes + 1, "first prompts");
    GPU_LAUNCH(merge_prompts_kernel, block_count(a.m * a.classes, threads), threads, 0, work.stream, a.scores, a.m,
               a.prompts, device_order.data(), device_begins.data(), a.classes, a.output);
}

void argmax(const Workspace& work, const ArgmaxArguments& a) {
    if (a.to.pixels() == 0) return;
    GPU_LAUNCH(argmax_kernel, block_count(a.to.pixels(), threads / pixel_lanes), threads, 0, work.stream, a);
}

void write_labels(const Workspace& work, const WriteLabelsArguments& a) {
    if (a.pixels == 0) return;
    switch (a.dtype) {
    case LPOSS_UINT8:
        return write_as<uint8_t>(work, a);
    case LPOSS_UINT16:
        return write_as<uint16_t>(work, a);
    case LPOSS_INT32:
        return write_as<int32_t>(work, a);
    default:
        fail(LPOSS_ERROR_INTERNAL, "labels cannot be written as dtype %d", a.dtype);
    }
}

} // namespace lposs::cuda
