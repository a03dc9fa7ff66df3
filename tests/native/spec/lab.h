#pragma once
#include "spec/array.h"

namespace spec {

/// sRGB in [0,1] [H,W,3] -> CIE Lab, D65.
Array<double> rgb_to_lab(const Array<double>& rgb);

/// The same from 8 bits.
Array<double> rgb_to_lab(const Array<uint8_t>& rgb);

} // namespace spec
