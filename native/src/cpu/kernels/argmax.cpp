// Each lane keeps its own best, second and class while the classes pass by in vectors; the lanes are compared at the
// end. A last vector that is not full is loaded so that it ends with the last class, and what was seen before is masked
// out of it.
#include "cpu/kernels/argmax.h"

#include "cpu/kernels/simd.h"

namespace lposs::cpu::LPOSS_ISA {
namespace {

constexpr float lowest = -__builtin_inff();

// Where the scores of one pixel come from.
struct Stored {
    const float* scores;
    __attribute__((always_inline)) Vector vector(int64_t c) const { return load_unaligned(scores + c); }
    __attribute__((always_inline)) float scalar(int64_t c) const { return scores[c]; }
};

struct Blended {
    const float *top_low, *top_high, *bottom_low, *bottom_high;
    float w00, w01, w10, w11;
    __attribute__((always_inline)) Vector vector(int64_t c) const {
        return (w00 * load_unaligned(top_low + c) + w01 * load_unaligned(top_high + c)) +
               (w10 * load_unaligned(bottom_low + c) + w11 * load_unaligned(bottom_high + c));
    }
    __attribute__((always_inline)) float scalar(int64_t c) const {
        return (w00 * top_low[c] + w01 * top_high[c]) + (w10 * bottom_low[c] + w11 * bottom_high[c]);
    }
};

struct Winner {
    float best, second;
    int32_t label;
};

LPOSS_INLINE void challenge(Winner& winner, float score, int32_t label) {
    if (score > winner.best || (score == winner.best && label < winner.label)) {
        winner.second = winner.best;
        winner.best = score;
        winner.label = label;
    } else if (score > winner.second) {
        winner.second = score;
    }
}

template <class Scores>
LPOSS_INLINE Winner find_winner(const Scores& scores, int64_t classes, int32_t first_class) {
    if (classes < lanes) {
        Winner winner = {lowest, lowest, INT32_MAX};
        for (int64_t c = 0; c < classes; ++c)
            challenge(winner, scores.scalar(c), first_class + static_cast<int32_t>(c));
        if (winner.label == INT32_MAX) winner.label = first_class; // no score was a number
        return winner;
    }

    IntVector lane;
    for (int i = 0; i < lanes; ++i) lane[i] = i;
    Vector best = scores.vector(0);
    Vector second = broadcast(lowest);
    IntVector label = lane;
    for (int64_t c = lanes; c < classes; c += lanes) {
        const int64_t overlap = c + lanes > classes ? c + lanes - classes : 0;
        const IntVector fresh = lane >= static_cast<int32_t>(overlap);
        const Vector score = fresh ? scores.vector(c - overlap) : broadcast(lowest);
        const IntVector wins = score > best;
        const Vector loser = wins ? best : score;
        second = loser > second ? loser : second;
        best = wins ? score : best;
        label = wins ? lane + static_cast<int32_t>(c - overlap) : label;
    }
    // Halves compete until one lane is left.
    for (int half = lanes / 2; half > 0; half /= 2) {
        const IntVector other_lane = lane ^ half;
        const Vector other = shuffle(best, other_lane);
        const Vector other_second = shuffle(second, other_lane);
        const IntVector other_label = shuffle(label, other_lane);
        const IntVector loses = (other > best) | ((other == best) & (other_label < label));
        const Vector loser = loses ? best : other;
        second = other_second > second ? other_second : second;
        second = loser > second ? loser : second;
        best = loses ? other : best;
        label = loses ? other_label : label;
    }
    return {best[0], second[0], first_class + label[0]};
}

LPOSS_INLINE void enter(ArgmaxRace race, int64_t pixel, Winner winner) {
    if (!race.first) {
        Winner merged = {race.best[pixel], race.second[pixel], race.label[pixel]};
        challenge(merged, winner.best, winner.label);
        if (winner.second > merged.second) merged.second = winner.second;
        winner = merged;
    }
    race.label[pixel] = winner.label;
    race.best[pixel] = winner.best;
    race.second[pixel] = winner.second;
}

void compete(const float* scores, int64_t pixels, int64_t classes, ArgmaxRace race) {
    for (int64_t i = 0; i < pixels; ++i)
        enter(race, i, find_winner(Stored{scores + i * classes}, classes, race.first_class));
}

void compete_blended(const float* top, const float* bottom, float fraction, RowSamples samples, int64_t classes,
                     ArgmaxRace race) {
    for (int64_t i = 0; i < samples.count; ++i) {
        const float fx = samples.fraction[i];
        const int64_t low = samples.low[i] * classes, high = samples.high[i] * classes;
        const Blended blended = {
            top + low,           top + high,          bottom + low, bottom + high, (1 - fraction) * (1 - fx),
            (1 - fraction) * fx, fraction * (1 - fx), fraction * fx};
        enter(race, i, find_winner(blended, classes, race.first_class));
    }
}

} // namespace

extern const ArgmaxKernels argmax_kernels;
const ArgmaxKernels argmax_kernels = {compete, compete_blended};

} // namespace lposs::cpu::LPOSS_ISA
