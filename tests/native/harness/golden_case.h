// One folder of tests/golden: inputs with the outputs of the authors' own program.
#pragma once
#include "spec/array.h"

#include <string>
#include <vector>

struct GoldenCase {
    std::string name;
    Array<uint8_t> image;                ///< [H,W,3]
    Array<int32_t> windows;              ///< [n,4]
    Array<float> vm, vlm, text;          ///< [N,Dm], [N,Dv], [P,Dv]
    Array<float> lposs, lposs_plus;      ///< [H',W',C]
    std::vector<int32_t> prompt_classes; ///< [P]; prompt p is class p where the case has no mapping
    int32_t k = 0, window = 0, stride = 0;
    static constexpr int32_t patch_size = 16;
};

/// Names of the folders, sorted. Throws if there is none: tests over an empty list would all pass.
std::vector<std::string> golden_names();

GoldenCase read_golden(const std::string& name);
