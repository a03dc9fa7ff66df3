// The method's parameters: name, default and range, written once. The _init functions, the checks of every call and
// lposs_option_get_info() read this table.
#pragma once

#include "lposs/lposs.h"

#include <limits>
#include <span>
#include <string>
#include <variant>

namespace lposs {

/// From minimum to maximum; a bound may itself be left out.
struct OptionRange {
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    bool excludes_minimum = false;
    bool excludes_maximum = false;

    /// False for NaN and infinity.
    bool contains(double value) const;
};

/// "1 or more", "0 or more and less than 1", "1 to 15", "0 or 1".
std::string describe(const OptionRange& range);

template <class Struct>
struct Option {
    const char* name; ///< of the field
    std::variant<int32_t Struct::*, float Struct::*> field;
    double standard; ///< the paper's value
    OptionRange range;
};

std::span<const Option<lposs_patch_graph_options>> options_of(const lposs_patch_graph_options& options);
std::span<const Option<lposs_pixel_graph_options>> options_of(const lposs_pixel_graph_options& options);
std::span<const Option<lposs_solver_options>> options_of(const lposs_solver_options& options);

} // namespace lposs
