// The threshold is searched by counting: how many values are at least t? Guesses by the counts at both ends of the
// bracket narrow it quickly. Floats are ordered like the integers of their bits ("keys"), which says when no value is
// left in between. A count is one compare and one subtraction per vector and needs no index, which beats sorting and
// heaps by far.
#include "cpu/kernels/top_k.h"

#include "cpu/kernels/simd.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

constexpr float infinity = __builtin_inff();

// With so few values left inside the bracket they are copied out and counted alone.
constexpr int64_t bracket_limit = 512;

// Guesses by value, after which the keys are bisected: a bound for rows made to defeat the guesses.
constexpr int patience = 48;

LPOSS_INLINE int64_t round_up_to_vector(int64_t count) {
    return (count + lanes - 1) / lanes * lanes;
}

// Order-preserving and self-inverse map between the bits of floats and integers.
LPOSS_INLINE int32_t flip(int32_t bits) {
    return bits ^ ((bits >> 31) & 0x7FFFFFFF);
}

LPOSS_INLINE int64_t key_of(float value) {
    int32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return flip(bits);
}

LPOSS_INLINE float value_of(int64_t key) {
    const int32_t bits = flip(static_cast<int32_t>(key));
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

LPOSS_INLINE void pad(float* values, int64_t count) {
    for (int64_t i = count; i < round_up_to_vector(count); ++i) values[i] = -infinity;
}

// NaN is not below anything and so counts, here and in compress().
LPOSS_INLINE int64_t count_not_below(const float* values, int64_t count, float threshold) {
    const Vector t = broadcast(threshold);
    IntVector below[4] = {};
    const int64_t end = round_up_to_vector(count);
    int64_t i = 0;
    for (; i + 4 * lanes <= end; i += 4 * lanes)
#pragma GCC unroll 4
        for (int u = 0; u < 4; ++u) below[u] += load(values + i + u * lanes) < t;
    for (; i < end; i += lanes) below[0] += load(values + i) < t;
    below[0] += below[1] + below[2] + below[3];
    int64_t total = end;
    for (int l = 0; l < lanes; ++l) total += below[0][l];
    return total;
}

struct Range {
    float smallest, largest;
};

LPOSS_INLINE Range find_range(const float* values, int64_t count) {
    Vector low = broadcast(infinity), high = broadcast(-infinity);
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        const Vector v = load(values + i);
        low = v < low ? v : low;
        high = v > high ? v : high;
    }
    Range range = {infinity, -infinity};
    for (int l = 0; l < lanes; ++l) {
        range.smallest = low[l] < range.smallest ? low[l] : range.smallest;
        range.largest = high[l] > range.largest ? high[l] : range.largest;
    }
    for (; i < count; ++i) {
        range.smallest = values[i] < range.smallest ? values[i] : range.smallest;
        range.largest = values[i] > range.largest ? values[i] : range.largest;
    }
    return range;
}

// Appends the values in [low, high) to `bracket`, which has room for one vector more, and returns their number.
LPOSS_INLINE int64_t gather(const float* values, int64_t count, float low, float high, float* bracket, int64_t held) {
#if LPOSS_LANES == 16
    const __m512 least = _mm512_set1_ps(low), bound = _mm512_set1_ps(high);
    for (int64_t i = 0; i < count; i += lanes) {
        const __m512 v = _mm512_load_ps(values + i);
        const auto present = static_cast<__mmask16>(count - i < lanes ? (1U << (count - i)) - 1U : 0xFFFFU);
        const __mmask16 inside =
            _mm512_mask_cmp_ps_mask(_mm512_mask_cmp_ps_mask(present, v, least, _CMP_GE_OQ), v, bound, _CMP_LT_OQ);
        _mm512_storeu_ps(bracket + held, _mm512_maskz_compress_ps(inside, v));
        held += __builtin_popcount(inside);
    }
#else
    for (int64_t i = 0; i < count; ++i) {
        bracket[held] = values[i];
        held += values[i] >= low && values[i] < high;
    }
#endif
    return held;
}

// Where the kept elements go. Sources may be the targets themselves: writing never overtakes reading.
struct Target {
    float* values;
    int32_t* indices;
    int64_t held;
};

// Appends what is not below the threshold. source_indices may be null: the indices are then first_index + position.
LPOSS_INLINE void compress(Target& target, const float* values, const int32_t* source_indices, int64_t count,
                           int32_t first_index, float threshold) {
#if LPOSS_LANES == 16
    const __m512 t = _mm512_set1_ps(threshold);
    __m512i running = _mm512_add_epi32(_mm512_set1_epi32(first_index),
                                       _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    for (int64_t i = 0; i < count; i += lanes) {
        const __m512 v = _mm512_load_ps(values + i);
        const __m512i index = source_indices ? _mm512_load_si512(source_indices + i) : running;
        const auto present = static_cast<__mmask16>(count - i < lanes ? (1U << (count - i)) - 1U : 0xFFFFU);
        const __mmask16 kept = _mm512_mask_cmp_ps_mask(present, v, t, _CMP_NLT_UQ);
        const int kept_count = __builtin_popcount(kept);
        // Compressing in the register and storing under a mask: the compressing store is many times slower.
        const auto written = static_cast<__mmask16>((1U << kept_count) - 1U);
        _mm512_mask_storeu_ps(target.values + target.held, written, _mm512_maskz_compress_ps(kept, v));
        _mm512_mask_storeu_epi32(target.indices + target.held, written, _mm512_maskz_compress_epi32(kept, index));
        target.held += kept_count;
        running = _mm512_add_epi32(running, _mm512_set1_epi32(lanes));
    }
#else
    for (int64_t i = 0; i < count; ++i) {
        if (values[i] < threshold) continue;
        target.values[target.held] = values[i];
        target.indices[target.held] = source_indices ? source_indices[i] : first_index + static_cast<int32_t>(i);
        ++target.held;
    }
#endif
}

// The same where more than k values are not below the threshold: `equals` of those that equal it are kept, the first.
LPOSS_INLINE void compress_ties(Target& target, int64_t k, int64_t& equals, const float* values,
                                const int32_t* source_indices, int64_t count, int32_t first_index, float threshold) {
    for (int64_t i = 0; i < count && target.held < k; ++i) {
        if (values[i] < threshold) continue;
        if (values[i] == threshold && equals-- <= 0) continue;
        target.values[target.held] = values[i];
        target.indices[target.held] = source_indices ? source_indices[i] : first_index + static_cast<int32_t>(i);
        ++target.held;
    }
}

int64_t merge(float* values, int32_t* indices, int64_t held, int64_t k, float* segment, int64_t count,
              int32_t first_index) {
    pad(values, held);
    pad(segment, count);
    if (held + count <= k) {
        Target target = {values, indices, held};
        compress(target, segment, nullptr, count, first_index, -infinity);
        return target.held;
    }

    const Range held_range = find_range(values, held);
    const Range segment_range = find_range(segment, count);
    if (held == k && segment_range.largest <= held_range.smallest) return held;

    // At least k values are not below the value of key `low`, fewer than k are not below that of `high`.
    const float smallest =
        held == k || held_range.smallest < segment_range.smallest ? held_range.smallest : segment_range.smallest;
    const float largest = held_range.largest > segment_range.largest ? held_range.largest : segment_range.largest;
    int64_t low = key_of(smallest), high = key_of(largest) + 1;
    int64_t above_low = held + count, above_high = 0;
    if (held == k) above_low = k + count_not_below(segment, count, smallest);

    alignas(sizeof(Vector)) float bracket[bracket_limit + lanes];
    int64_t bracket_count = -1, above_bracket = 0; // -1: not yet gathered
    bool bisect = false;
    for (int step = 0; above_low != k && high - low > 1; ++step) {
        const int64_t between = above_low - above_high;
        if (bracket_count < 0 && between <= bracket_limit) {
            bracket_count = gather(values, held, value_of(low), value_of(high), bracket, 0);
            bracket_count = gather(segment, count, value_of(low), value_of(high), bracket, bracket_count);
            pad(bracket, bracket_count);
            above_bracket = above_high;
        }
        const float share = bisect ? 0.5F : static_cast<float>(above_low - k) / static_cast<float>(between);
        int64_t middle =
            step < patience ? key_of(value_of(low) + share * (value_of(high) - value_of(low))) : low + (high - low) / 2;
        middle = middle <= low ? low + 1 : middle >= high ? high - 1 : middle;
        const float threshold = value_of(middle);
        const int64_t above =
            bracket_count >= 0 ? above_bracket + count_not_below(bracket, bracket_count, threshold)
                               : count_not_below(values, held, threshold) + count_not_below(segment, count, threshold);
        if (above >= k) {
            low = middle;
            above_low = above;
        } else {
            high = middle;
            above_high = above;
        }
        bisect = !bisect && 2 * (above_low - above_high) > between; // the guess was a poor one
    }

    const float threshold = value_of(low);
    Target target = {values, indices, 0};
    if (above_low == k) {
        compress(target, values, indices, held, 0, threshold);
        compress(target, segment, nullptr, count, first_index, threshold);
    } else {
        int64_t equals = k - above_high;
        compress_ties(target, k, equals, values, indices, held, 0, threshold);
        compress_ties(target, k, equals, segment, nullptr, count, first_index, threshold);
    }
    return target.held;
}

} // namespace

extern const TopKKernels top_k_kernels;
const TopKKernels top_k_kernels = {merge};

} // namespace lposs::cpu::LPOSS_ISA
