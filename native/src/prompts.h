// Which class each prompt names.
#pragma once

#include "tensor.h"

#include <vector>

namespace lposs {

struct PromptClasses {
    std::vector<int32_t> class_of; ///< [P]
    int32_t classes = 0;           ///< C
};

/// prompt_classes [P] int32 in host memory, 0 to C-1 with every class named; not given: prompt p is class p.
PromptClasses read_prompt_classes(const lposs_tensor& tensor, int64_t prompts, const char* name);

} // namespace lposs
