#include "emulator/runtime/fiber.h"

#include <new>
#include <sys/mman.h>
#include <vector>

#if EMULATOR_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace emulator {

// ---------------------------------------------------------------------------- context switch

#if defined(__x86_64__) && !EMULATOR_UCONTEXT

// Saves what a callee must preserve on the old stack, changes stacks, restores. About 5 ns; swapcontext, which enters
// the kernel for the signal mask, takes 300.
extern "C" void emulator_switch_context(void** from, void* to);
asm(R"(
.pushsection .text
.hidden emulator_switch_context
.globl emulator_switch_context
.type emulator_switch_context, @function
emulator_switch_context:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    popq %rcx
    jmp *%rcx
.size emulator_switch_context, .-emulator_switch_context
.popsection
)");

static void prepare_context(Context& context, Stack stack, void (*entry)()) {
    constexpr int saved_registers = 6,
                  frame_end = 3; // the zeros end a debugger's backtrace; entry sees a call
    void** top = reinterpret_cast<void**>(stack.base + stack.bytes);
    for (int i = 0; i < frame_end; ++i) *--top = nullptr;
    *--top = reinterpret_cast<void*>(entry);
    for (int i = 0; i < saved_registers; ++i) *--top = nullptr;
    context = top;
}

static void switch_context(Context& from, Context& to) { emulator_switch_context(&from, to); }

#else

static void prepare_context(Context& context, Stack stack, void (*entry)()) {
    getcontext(&context);
    context.uc_stack.ss_sp = stack.base;
    context.uc_stack.ss_size = stack.bytes;
    context.uc_link = nullptr;
    makecontext(&context, entry, 0);
}

static void switch_context(Context& from, Context& to) { swapcontext(&from, &to); }

#endif

// ---------------------------------------------------------------------------- fibers

static Fiber* leaving; // the fiber of the last switch, nullptr if it ended
static void (*fiber_body)();

// AddressSanitizer must know on which stack it is; the host's bounds it tells us here.
static void enter_fiber() {
#if EMULATOR_ASAN
    const void* bottom = nullptr;
    std::size_t bytes = 0;
    __sanitizer_finish_switch_fiber(nullptr, &bottom, &bytes);
    if (leaving) leaving->stack = {static_cast<char*>(const_cast<void*>(bottom)), bytes};
#endif
    fiber_body();
}

void prepare_fiber(Fiber& fiber, Stack stack, void (*entry)()) {
    fiber.stack = stack;
    fiber.fake_stack = nullptr;
    fiber_body = entry;
    prepare_context(fiber.context, stack, enter_fiber);
}

void switch_fiber(Fiber& from, Fiber& to, bool from_ends) {
    leaving = from_ends ? nullptr : &from;
#if EMULATOR_ASAN
    __sanitizer_start_switch_fiber(from_ends ? nullptr : &from.fake_stack, to.stack.base, to.stack.bytes);
#endif
    switch_context(from.context, to.context);
#if EMULATOR_ASAN
    __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
#endif
}

// ---------------------------------------------------------------------------- stacks

static constexpr std::size_t guard_bytes = 4096;
#if EMULATOR_ASAN
static constexpr std::size_t stack_bytes = 256 << 10;
#else
static constexpr std::size_t stack_bytes = 64 << 10;
#endif

struct StackPool {
    std::vector<Stack> all, free;
};
static StackPool& pool() {
    static StackPool* const instance = new StackPool; // never destroyed: a kernel may run in an exit handler
    return *instance;
}

static Stack map_stack() {
    void* const map = mmap(nullptr, guard_bytes + stack_bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED) throw std::bad_alloc();
    char* const base = static_cast<char*>(map);
    mprotect(base, guard_bytes, PROT_NONE);
    // Tops at different distances from a page's end, or all fibers would fight for the same cache sets.
    const std::size_t colour = pool().all.size() * 5 % 61 * 64;
    return {base + guard_bytes, stack_bytes - colour};
}

Stack take_stack() {
    StackPool& stacks = pool();
    if (stacks.free.empty()) {
        stacks.all.push_back(map_stack());
        return stacks.all.back();
    }
    const Stack stack = stacks.free.back();
    stacks.free.pop_back();
    return stack;
}

void give_back_stack(Stack stack) { pool().free.push_back(stack); }

void reclaim_stacks() {
    pool().free = pool().all;
#if EMULATOR_ASAN
    for (const Stack& stack : pool().all) __asan_unpoison_memory_region(stack.base, stack.bytes);
#endif
}

bool below_stack(const Stack& stack, const void* address) {
    const char* const at = static_cast<const char*>(address);
    return at >= stack.base - guard_bytes && at < stack.base;
}

} // namespace emulator
