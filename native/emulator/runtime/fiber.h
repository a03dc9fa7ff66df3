// Fibers: CUDA threads that take turns on one thread of the operating system.
#pragma once

#include <cstddef>

#if !defined(__x86_64__) || EMULATOR_UCONTEXT
#include <ucontext.h>
#endif

namespace emulator {

struct Stack {
    char* base;
    std::size_t bytes;
};

#if defined(__x86_64__) && !EMULATOR_UCONTEXT
using Context = void*; // the stack pointer; the rest lies on the stack
#else
using Context = ucontext_t;
#endif

struct Fiber {
    Context context;
    Stack stack;
    void* fake_stack; // AddressSanitizer's, while the fiber is suspended
};

/// A stack of the pool, above a guard page.
Stack take_stack();
void give_back_stack(Stack stack);
/// After a kernel failed: all stacks are free again, whatever lies on them.
void reclaim_stacks();
/// Whether `address` lies in the guard page below `stack`.
bool below_stack(const Stack& stack, const void* address);

/// Makes the fiber start with entry(), which never returns, when it is first switched to.
void prepare_fiber(Fiber& fiber, Stack stack, void (*entry)());

/// Suspends `from`, which runs now, and resumes `to`. `from_ends`: it will never be resumed.
void switch_fiber(Fiber& from, Fiber& to, bool from_ends);

} // namespace emulator
