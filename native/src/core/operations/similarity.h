// Scores of patches for prompts: the unit rows of features [N,D] times text [P,D]^T.
#pragma once

#include <cstdint>

namespace lposs {

struct SimilarityArguments {
    const float* features = nullptr;   ///< [N,D]
    const float* text = nullptr;       ///< [P,D]
    float* scores = nullptr;           ///< [N,P]
    int64_t n = 0, d = 0, prompts = 0; ///< N, D, P
};

namespace cpu {
struct Workspace;
void similarity(const Workspace& work, const SimilarityArguments& a);
/// An upper bound of the scratch bytes; pointers are not read.
int64_t similarity_cost(const Workspace& work, const SimilarityArguments& a);
} // namespace cpu

namespace cuda {
struct Workspace;
void similarity(const Workspace& work, const SimilarityArguments& a);
int64_t similarity_cost(const SimilarityArguments& a);
} // namespace cuda

} // namespace lposs
