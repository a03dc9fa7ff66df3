// From scores to labels: the best prompt of each class, the race of the classes block by block, and what came out.
#pragma once

#include "core/image_size.h"
#include "lposs/lposs.h"

namespace lposs {

/// The running winner per output pixel while classes come in blocks, all [H' * W'].
struct ArgmaxState {
    int32_t* label;
    float* best;
    float* second;
};

/// For each class the largest score of its prompts.
struct MergePromptsArguments {
    const float* scores;         ///< [M,P]
    int64_t m, prompts;          ///< M, P
    const int32_t* host_classes; ///< [P]; each class has a prompt
    int64_t classes;             ///< C
    float* output;               ///< [M,C]
};

/// Resizes scores to H' x W' and lets classes first_class .. first_class + C compete with the state; ties to the lower
/// class.
struct ArgmaxArguments {
    const float* scores; ///< [H,W,C]
    ImageSize from;      ///< H x W
    int64_t classes;     ///< C
    ImageSize to;        ///< H' x W'
    int32_t first_class;
    bool first; ///< the state is empty and is written without being read
    ArgmaxState state;
};

/// The state's winners, and best - second.
struct WriteLabelsArguments {
    ArgmaxState state;
    int64_t pixels;
    bool one_class;    ///< then the confidence is 0
    void* labels;      ///< [pixels] of dtype
    lposs_dtype dtype; ///< uint8, uint16 or int32
    float* confidence; ///< [pixels]; may be null
};

namespace cpu {
struct Workspace;
void merge_prompts(const Workspace& work, const MergePromptsArguments& a);
void argmax(const Workspace& work, const ArgmaxArguments& a);
void write_labels(const Workspace& work, const WriteLabelsArguments& a);
} // namespace cpu

namespace cuda {
struct Workspace;
void merge_prompts(const Workspace& work, const MergePromptsArguments& a);
void argmax(const Workspace& work, const ArgmaxArguments& a);
void write_labels(const Workspace& work, const WriteLabelsArguments& a);
} // namespace cuda

} // namespace lposs
