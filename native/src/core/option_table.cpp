#include "core/option_table.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace lposs {
namespace {

constexpr OptionRange from(double minimum) {
    return {.minimum = minimum};
}

constexpr OptionRange above(double minimum) {
    return {.minimum = minimum, .excludes_minimum = true};
}

constexpr OptionRange from_to(double minimum, double maximum) {
    return {.minimum = minimum, .maximum = maximum};
}

constexpr OptionRange from_to_below(double minimum, double maximum) {
    return {.minimum = minimum, .maximum = maximum, .excludes_maximum = true};
}

constexpr OptionRange flag = from_to(0, 1);

using PatchGraph = lposs_patch_graph_options;
constexpr std::array<Option<PatchGraph>, 5> patch_graph{{
    {"k", &PatchGraph::k, 400, from(1)},
    {"gamma", &PatchGraph::gamma, 3, above(0)},
    {"sigma", &PatchGraph::sigma, 0.01, from(0)},
    {"distance_power", &PatchGraph::distance_power, 1, above(0)},
    {"centre", &PatchGraph::centre, 0, flag},
}};

using PixelGraph = lposs_pixel_graph_options;
constexpr std::array<Option<PixelGraph>, 2> pixel_graph{{
    {"tau", &PixelGraph::tau, 0.01, above(0)},
    {"radius", &PixelGraph::radius, 6, from_to(1, 15)},
}};

using Solver = lposs_solver_options;
constexpr std::array<Option<Solver>, 4> solver{{
    {"alpha", &Solver::alpha, 0.95, from_to_below(0, 1)},
    {"tolerance", &Solver::tolerance, 1e-6, from(0)},
    {"max_steps", &Solver::max_steps, 10, from_to(1, 10000)},
    {"subtract_class_mean", &Solver::subtract_class_mean, 0, flag},
}};

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

} // namespace

bool OptionRange::contains(double value) const {
    return std::isfinite(value) && (excludes_minimum ? value > minimum : value >= minimum) &&
           (excludes_maximum ? value < maximum : value <= maximum);
}

std::string describe(const OptionRange& range) {
    const std::string minimum = number(range.minimum), maximum = number(range.maximum);
    if (std::isinf(range.maximum)) return range.excludes_minimum ? "any number above " + minimum : minimum + " or more";
    if (range.excludes_maximum) return minimum + " or more and less than " + maximum;
    return minimum + (range.maximum - range.minimum == 1 ? " or " : " to ") + maximum;
}

std::span<const Option<PatchGraph>> options_of(const PatchGraph&) {
    return patch_graph;
}

std::span<const Option<PixelGraph>> options_of(const PixelGraph&) {
    return pixel_graph;
}

std::span<const Option<Solver>> options_of(const Solver&) {
    return solver;
}

} // namespace lposs
