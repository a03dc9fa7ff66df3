// sRGB to CIE Lab (IEC 61966-2-1, CIE 15; D65 white, 2 degrees).
#pragma once

#include <cstdint>

namespace lposs {

/// Bytes, or float32 in [0,1].
template <class Value>
struct LabArguments {
    const Value* image; ///< [pixels,3]
    float* lab;         ///< [pixels,3]
    int64_t pixels;
};

namespace cpu {
struct Workspace;
void rgb_to_lab(const Workspace& work, const LabArguments<uint8_t>& a);
void rgb_to_lab(const Workspace& work, const LabArguments<float>& a);
} // namespace cpu

namespace cuda {
struct Workspace;
void rgb_to_lab(const Workspace& work, const LabArguments<uint8_t>& a);
void rgb_to_lab(const Workspace& work, const LabArguments<float>& a);
} // namespace cuda

} // namespace lposs
