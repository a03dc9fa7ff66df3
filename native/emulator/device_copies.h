// Copies that a thread starts and waits for later (cp.async), made as late as they may be: where the thread waits, so
// that what is used too early was never written.
#pragma once

namespace emulator {

struct AsyncCopy {
    float* to;
    const float* from; // nullptr: zeros
    int floats;
    unsigned group;
};

void start_copy(float* to, const float* from, int floats);
void end_copy_group();
/// The thread's next copy that waiting for all but the last `groups` groups makes; false if there is none.
bool take_copy(unsigned groups, AsyncCopy& copy);

/// Makes these copies; here, so that they are the kernel's own reads and writes for the sanitizers.
__forceinline__ void wait_for_copies(unsigned groups) {
    for (AsyncCopy copy; take_copy(groups, copy);)
        for (int i = 0; i < copy.floats; ++i) copy.to[i] = copy.from ? copy.from[i] : 0.0f;
}

} // namespace emulator
