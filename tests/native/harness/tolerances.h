// Every tolerance of the suite, with its reason.
#pragma once

namespace tolerance {

// The project's bound on scores against the float64 reference (design, section 3): relative L2 error and
// share of equal labels.
inline constexpr double scores = 1e-4;
inline constexpr double equal_labels = 0.9999;

// The spec against the authors' program, which keeps features, graph weights and resized scores in float32:
// measured 3e-5 for the float64 reference.
inline constexpr double spec_against_authors = 1e-4;

} // namespace tolerance
