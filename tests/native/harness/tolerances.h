// Every tolerance of the suite, with its reason. Relative L2 errors unless said otherwise; float32 rounds at 6e-8.
// Those of operations stand at three to five times the largest error seen over six seeds and all instruction sets, so
// that a loss of precision shows.
#pragma once

namespace tolerance {

// The project's bound on scores against the float64 reference and on equal labels (design, section 3).
inline constexpr double scores = 1e-4;
inline constexpr double equal_labels = 0.9999;

// The spec against the authors' program, which keeps features, graph weights and resized scores in float32: measured
// 3e-5 for the float64 reference.
inline constexpr double spec_against_authors = 1e-4;

// Sums of up to 768 products in float32, in any order: the error grows with the square root of their number.
inline constexpr double dot_product = 5e-7;

// Blends of four values with weights that were rounded once.
inline constexpr double blend = 3e-7;

// Up to sixteen windows are added over a pixel, each a blend.
inline constexpr double stitch = 5e-7;

// Powers of 2.4 and 1/3 in float32, then differences of two lightnesses times 500.
inline constexpr double lab = 1e-6;

// One division by a rounded deviation.
inline constexpr double normalise = 2e-7;

// Ten steps of conjugate gradients in float32: each step rounds vectors and scalars once more, and the systems here
// have condition numbers up to (1 + alpha) / (1 - alpha) = 39.
inline constexpr double solve = 3e-6;

// The same over weights that were computed from features or colours: exp(-d / tau) magnifies the rounding of d by d /
// tau, which is 30 for weights that still matter.
inline constexpr double graph_and_solve = 1e-5;

// A column's residual is what a recurrence says, and stands beside the true one of the spec's solution: they part when
// both near the rounding of float32.
inline constexpr double residual = 1e-3;
inline constexpr double residual_floor = 1e-6;

// Whether two neighbours are equally near is not for rounding to decide: made-up features are drawn again where the
// last neighbour taken and the first left are closer than this and not equal.
inline constexpr double neighbour_gap = 2e-5;

// Where the two best classes are closer than this share of the largest score, either may be the label.
inline constexpr double label_tie = 1e-5;

} // namespace tolerance
