// Which class each prompt names.
#pragma once

#include "core/memory_pool.h"
#include "core/tensor.h"

#include <vector>

namespace lposs {

struct PromptClasses {
    std::vector<int32_t> class_of; ///< [P]
    int32_t classes = 0;           ///< C
};

/// Bytes of the lists with an element for each prompt: its class, its place, its block, what two solves say of it.
constexpr int64_t prompt_bytes(int64_t prompts) {
    return prompts * 10 * static_cast<int64_t>(sizeof(int32_t));
}

/// prompt_classes [P] int32 in host memory, 0 to C-1 with every class named; not given: prompt p is class p.
/// LPOSS_ERROR_MEMORY_LIMIT where the lists alone are more than the pool's limit.
PromptClasses read_prompt_classes(const MemoryPool& pool, const lposs_tensor& tensor, int64_t prompts,
                                  const char* name);

} // namespace lposs
