// Picks the kernels once per process.
#include "cpu/kernels/kernel_table.h"

#include "error.h"

#include <cstdlib>
#include <cstring>

namespace lposs::cpu {

#if defined(__x86_64__)
namespace avx512 {
extern const KernelTable kernel_table;
}
namespace avx2 {
extern const KernelTable kernel_table;
}
#endif
namespace portable {
extern const KernelTable kernel_table;
}

namespace {

struct Candidate {
    const KernelTable* table;
    bool usable;
};

const KernelTable& choose() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    const Candidate candidates[] = {
        {&avx512::kernel_table, __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                                    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")},
        {&avx2::kernel_table, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")},
        {&portable::kernel_table, true},
    };
#else
    const Candidate candidates[] = {{&portable::kernel_table, true}};
#endif
    const char* wanted = std::getenv("LPOSS_ISA");
    for (const Candidate& candidate : candidates) {
        if (wanted && *wanted) {
            if (std::strcmp(wanted, candidate.table->name) != 0) continue;
            if (!candidate.usable)
                fail(LPOSS_ERROR_UNSUPPORTED, "LPOSS_ISA: this processor has no %s", wanted);
            return *candidate.table;
        }
        if (candidate.usable) return *candidate.table;
    }
    fail(LPOSS_ERROR_INVALID_ARGUMENT, "LPOSS_ISA: '%s' is not one of avx512, avx2, portable", wanted);
}

} // namespace

const KernelTable& kernels() {
    static const KernelTable& chosen = choose();
    return chosen;
}

} // namespace lposs::cpu
