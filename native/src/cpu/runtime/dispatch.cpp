// Picks the kernels once per process.
#include "cpu/kernels/kernel_table.h"
#include "cpu/runtime/instruction_sets.h"

#include "core/error.h"

#include <cstdlib>
#include <cstring>
#include <string>

namespace lposs::cpu {

#define LPOSS_DECLARE_TABLE(isa)                                                                                       \
    namespace isa {                                                                                                    \
    extern const KernelTable kernel_table;                                                                             \
    }
LPOSS_FOR_EACH_ISA(LPOSS_DECLARE_TABLE)

namespace {

struct Candidate {
    const KernelTable* table;
    bool usable;
};

const KernelTable& choose() {
#define LPOSS_CANDIDATE(isa) {&isa::kernel_table, has_##isa()},
    const Candidate candidates[] = {LPOSS_FOR_EACH_ISA(LPOSS_CANDIDATE)};
    const char* wanted = std::getenv("LPOSS_ISA");
    for (const Candidate& candidate : candidates) {
        if (wanted && *wanted) {
            if (std::strcmp(wanted, candidate.table->name) != 0) continue;
            if (!candidate.usable) fail(LPOSS_ERROR_UNSUPPORTED, "LPOSS_ISA: this processor has no %s", wanted);
            return *candidate.table;
        }
        if (candidate.usable) return *candidate.table;
    }
    std::string names;
    for (const Candidate& candidate : candidates)
        names += (names.empty() ? "" : ", ") + std::string(candidate.table->name);
    fail(LPOSS_ERROR_INVALID_ARGUMENT, "LPOSS_ISA: '%s' is not one of %s", wanted, names.c_str());
}

} // namespace

const KernelTable& kernels() {
    static const KernelTable& chosen = choose();
    return chosen;
}

} // namespace lposs::cpu
