#pragma once
#include "spec/array.h"

namespace spec {

/// x [H,W,C] -> [height,width,C]: bilinear, half-pixel centres, edges clamped, no antialiasing.
Array<double> resize(const Array<double>& x, int64_t height, int64_t width);

} // namespace spec
