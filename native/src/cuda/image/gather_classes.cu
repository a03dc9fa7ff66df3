#include "core/operations/gather_classes.h"

#include "cuda/runtime/block.cuh"
#include "cuda/runtime/workspace.h"

namespace lposs::cuda {
namespace {

// ---------------------------------------------------------------------------- kernels

constexpr int threads = 256;
constexpr int rows_per_block = threads / warp_lanes;

/// One warp per pixel of scores [pixels, classes].
__global__ void gather_scores_kernel(const float* scores, int64_t pixels, int64_t classes, int64_t first, int64_t count,
                                     bool centred, float* block) {
    const int64_t row = int64_t{blockIdx.x} * rows_per_block + warp_index();
    if (row < pixels) { // whole warps
        float mean = 0.0F;
        if (centred) {
            double sum = 0.0;
            for (int64_t c = lane_index(); c < classes; c += warp_lanes)
                sum += static_cast<double>(scores[row * classes + c]);
            mean = static_cast<float>(warp_sum(sum) / static_cast<double>(classes));
        }
        for (int64_t c = lane_index(); c < count; c += warp_lanes)
            block[row * count + c] = scores[row * classes + first + c] - mean;
    }
}

/// One thread per element of the block.
template <class Label>
__global__ void one_hot_kernel(const Label* labels, int64_t pixels, int64_t classes, int32_t ignore, int64_t first,
                               int64_t count, float mean, float* block) {
    const int64_t i = int64_t{blockIdx.x} * threads + threadIdx.x;
    if (i < pixels * count) {
        const auto label = static_cast<int32_t>(labels[i / count]);
        const bool is_class = label != ignore && label >= 0 && label < classes;
        const float hit = label == first + i % count ? 1.0F : 0.0F;
        block[i] = is_class ? hit - mean : 0.0F;
    }
}

// ---------------------------------------------------------------------------- launchers

template <class Label>
void one_hot(const Workspace& work, const GatherClassesArguments& a) {
    const ClassSource& source = a.source;
    const float mean = source.centred ? 1.0F / static_cast<float>(source.classes) : 0.0F;
    GPU_LAUNCH((one_hot_kernel<Label>), block_count(source.pixels * a.count, threads), threads, 0, work.stream,
               static_cast<const Label*>(source.labels), source.pixels, source.classes, source.ignore, a.first, a.count,
               mean, a.block);
}

} // namespace

void gather_classes(const Workspace& work, const GatherClassesArguments& a) {
    const ClassSource& source = a.source;
    if (!source.labels)
        GPU_LAUNCH(gather_scores_kernel, block_count(source.pixels, rows_per_block), threads, 0, work.stream,
                   source.scores, source.pixels, source.classes, a.first, a.count, source.centred, a.block);
    else if (source.label_dtype == LPOSS_UINT8)
        one_hot<uint8_t>(work, a);
    else if (source.label_dtype == LPOSS_UINT16)
        one_hot<uint16_t>(work, a);
    else
        one_hot<int32_t>(work, a);
}

} // namespace lposs::cuda
