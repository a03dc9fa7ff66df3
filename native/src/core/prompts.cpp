#include "core/prompts.h"

#include <algorithm>
#include <numeric>

namespace lposs {

PromptClasses read_prompt_classes(const MemoryPool& pool, const lposs_tensor& tensor, int64_t prompts,
                                  const char* name) {
    if (prompts > INT32_MAX)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: there are %lld prompts; there may be up to %d", name,
             static_cast<long long>(prompts), INT32_MAX);
    if (pool.limit() > 0 && prompt_bytes(prompts) > pool.limit())
        fail(LPOSS_ERROR_MEMORY_LIMIT, "memory_limit: is %lld bytes; the lists of %lld prompts alone take %lld",
             static_cast<long long>(pool.limit()), static_cast<long long>(prompts),
             static_cast<long long>(prompt_bytes(prompts)));
    PromptClasses result;
    result.class_of.resize(static_cast<size_t>(prompts));
    if (!is_given(tensor)) {
        std::iota(result.class_of.begin(), result.class_of.end(), 0);
        result.classes = static_cast<int32_t>(prompts);
        return result;
    }
    check_tensor(tensor, name, {LPOSS_INT32}, {known("P", prompts)});
    check_host(tensor, name);
    const auto* given = data_of<const int32_t>(tensor);
    std::copy(given, given + prompts, result.class_of.begin());
    std::vector<bool> named(static_cast<size_t>(prompts), false);
    for (int64_t p = 0; p < prompts; ++p) {
        if (given[p] < 0 || given[p] >= prompts)
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: prompt %lld names class %d; with %lld prompts it may be 0 to %lld",
                 name, static_cast<long long>(p), given[p], static_cast<long long>(prompts),
                 static_cast<long long>(prompts - 1));
        named[static_cast<size_t>(given[p])] = true;
        result.classes = std::max(result.classes, given[p] + 1);
    }
    for (int32_t c = 0; c < result.classes; ++c)
        if (!named[static_cast<size_t>(c)])
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: no prompt names class %d; every class up to %d needs one", name, c,
                 result.classes - 1);
    return result;
}

} // namespace lposs
