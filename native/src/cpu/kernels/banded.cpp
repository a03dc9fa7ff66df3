#include "cpu/kernels/banded.h"

#include "cpu/kernels/simd.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

/// Swaps the blocks off the diagonal: of each pair of rows `half` apart and each pair of lanes `half` apart.
template <int half>
LPOSS_INLINE void swap_blocks(Vector (&rows)[lanes]) {
    IntVector low, high;
    for (int l = 0; l < lanes; ++l) {
        low[l] = (l & half) != 0 ? lanes + l - half : l;
        high[l] = (l & half) != 0 ? lanes + l : l + half;
    }
    for (int i = 0; i < lanes; ++i) {
        if ((i & half) != 0) continue;
        const Vector upper = rows[i], lower = rows[i + half];
        rows[i] = shuffle(upper, lower, low);
        rows[i + half] = shuffle(upper, lower, high);
    }
}

LPOSS_INLINE void transpose(Vector (&rows)[lanes]) {
    swap_blocks<1>(rows);
    swap_blocks<2>(rows);
    if constexpr (lanes > 4) swap_blocks<4>(rows);
    if constexpr (lanes > 8) swap_blocks<8>(rows);
}

/// Calls block(c) for blocks of `lanes` classes that cover [0, count); the last one may overlap the one before.
template <class Block>
LPOSS_INLINE void for_blocks(int64_t count, const Block& block) {
    for (int64_t c = 0; c < count; c += lanes) block(c + lanes <= count ? c : count - lanes);
}

void gather(const float* pixels, int64_t lane_step, int64_t count, int32_t inside, float outside, float* vectors,
            int64_t plane) {
    if (count < lanes) {
        for (int64_t c = 0; c < count; ++c)
            for (int32_t l = 0; l < lanes; ++l)
                vectors[c * plane + l] = l < inside ? pixels[l * lane_step + c] : outside;
        return;
    }
    for_blocks(count, [&](int64_t first) {
        Vector rows[lanes];
        for (int32_t l = 0; l < lanes; ++l)
            rows[l] = l < inside ? load_unaligned(pixels + l * lane_step + first) : broadcast(outside);
        transpose(rows);
        for (int c = 0; c < lanes; ++c) store(vectors + (first + c) * plane, rows[c]);
    });
}

void scatter(const float* vectors, int64_t plane, int64_t count, int32_t inside, float* pixels, int64_t lane_step) {
    if (count < lanes) {
        for (int32_t l = 0; l < inside; ++l)
            for (int64_t c = 0; c < count; ++c) pixels[l * lane_step + c] = vectors[c * plane + l];
        return;
    }
    for_blocks(count, [&](int64_t first) {
        Vector rows[lanes];
        for (int c = 0; c < lanes; ++c) rows[c] = load(vectors + (first + c) * plane);
        transpose(rows);
        for (int32_t l = 0; l < inside; ++l) store_unaligned(pixels + l * lane_step + first, rows[l]);
    });
}

} // namespace

extern const BandedKernels banded_kernels;
const BandedKernels banded_kernels = {gather, scatter};

} // namespace lposs::cpu::LPOSS_ISA
