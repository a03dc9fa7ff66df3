// What each thread has started to copy.
#include "emulator/runtime/block.h"
#include "emulator/runtime/diagnosis.h"

namespace emulator {

void Copies::reset() {
    pending.clear();
    next = 0;
    group = 0;
}

void start_copy(float* to, const float* from, int floats) {
    Copies& copies = running_block("an asynchronous copy").self().copies;
    copies.pending.push_back({to, from, floats, copies.group});
}

void end_copy_group() { ++running_block("the end of a group of copies").self().copies.group; }

bool take_copy(unsigned groups, AsyncCopy& copy) {
    Copies& copies = running_block("a wait for copies").self().copies;
    // Copies whose group has not ended are waited for by nothing.
    if (copies.next == copies.pending.size() || copies.pending[copies.next].group + groups >= copies.group)
        return false;
    copy = copies.pending[copies.next++];
    if (copies.next == copies.pending.size()) {
        copies.pending.clear();
        copies.next = 0;
    }
    return true;
}

void check_no_copy_waits() {
    const Copies& copies = running->self().copies;
    if (copies.next < copies.pending.size())
        fail(cudaErrorLaunchFailure, "the thread exits while %zu of its asynchronous copies may still be under way",
             copies.pending.size() - copies.next);
}

} // namespace emulator
