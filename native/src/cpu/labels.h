#pragma once
#include "cpu/workspace.h"

namespace lposs::cpu {

/// scores [M,P] -> output [M,C]: for each class the largest score of its prompts.
void merge_prompts(const Workspace& work, const float* scores, int64_t m, int64_t prompts,
                   const int32_t* classes_of, int64_t classes, float* output);

/// Resizes scores [H,W,C] to H' x W' row by row and lets classes first_class .. first_class + C compete with the
/// state [H' * W']; `first`: the state is empty and is written without being read. Ties to the lower class.
void label(const Workspace& work, const float* scores, int64_t height, int64_t width, int64_t classes,
           int64_t output_height, int64_t output_width, int32_t first_class, bool first,
           const LabelState& state);

/// The state's winners as uint8, uint16 or int32, and best - second (0 for one class) if confidence is not null.
void write_labels(const Workspace& work, const LabelState& state, int64_t pixels, bool one_class,
                  void* labels, lposs_dtype dtype, float* confidence);

} // namespace lposs::cpu
