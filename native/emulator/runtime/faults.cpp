#include "emulator/runtime/faults.h"

#include "emulator/runtime/block.h"
#include "emulator/runtime/memory.h"

#include <csignal>
#include <cstdio>
#include <ucontext.h>

#if EMULATOR_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace emulator {

#if defined(__x86_64__) && !EMULATOR_ASAN

static constexpr int signals[] = {SIGSEGV, SIGBUS};
static struct sigaction previous_action[2];
static stack_t previous_stack;
static const void* fault_address;
static const void* fault_code;

// Runs on the fiber after the handler has returned.
[[noreturn]] static void report_fault() {
    const Text code = describe_code(static_cast<const char*>(fault_code) + 1); // it expects a return address
    if (below_stack(running->self().fiber.stack, fault_address))
        fail(cudaErrorLaunchFailure, "stack overflow at %s", code.c_str());
    fail(cudaErrorIllegalAddress, "invalid memory access at %s: %s", code.c_str(),
         describe_address(fault_address).c_str());
}

static void pass_on(int signal, siginfo_t* info, void* context) {
    const struct sigaction& previous = previous_action[signal == SIGBUS];
    if (previous.sa_flags & SA_SIGINFO)
        previous.sa_sigaction(signal, info, context);
    else if (previous.sa_handler == SIG_DFL || previous.sa_handler == SIG_IGN)
        sigaction(signal, &previous, nullptr); // the instruction faults again, now without us
    else
        previous.sa_handler(signal);
}

static void on_fault(int signal, siginfo_t* info, void* context) {
    if (!in_kernel) return pass_on(signal, info, context);
    greg_t* const registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    fault_address = info->si_addr;
    fault_code = reinterpret_cast<const void*>(registers[REG_RIP]);
    // The fiber goes on in report_fault, on its own stack from the top: what was there is of no use any more, and after
    // an overflow it is the only room.
    const Stack& stack = running->self().fiber.stack;
    const auto top = reinterpret_cast<std::uintptr_t>(stack.base + stack.bytes) / 16 * 16;
    registers[REG_RSP] = static_cast<greg_t>(top - 8); // as after a call
    registers[REG_RIP] = reinterpret_cast<greg_t>(&report_fault);
}

FaultGuard::FaultGuard() {
    alignas(16) static char handler_stack[64 << 10];
    stack_t stack{};
    stack.ss_sp = handler_stack;
    stack.ss_size = sizeof handler_stack;
    sigaltstack(&stack, &previous_stack);
    struct sigaction action {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (int i = 0; i < 2; ++i) sigaction(signals[i], &action, &previous_action[i]);
}

FaultGuard::~FaultGuard() {
    for (int i = 0; i < 2; ++i) sigaction(signals[i], &previous_action[i], nullptr);
    sigaltstack(&previous_stack, nullptr);
}

#else

#if EMULATOR_ASAN
static void add_thread_to_report(const char*) {
    if (in_kernel)
        std::fprintf(stderr, "in kernel %s, block %s, thread %s\n", running->request->name, describe(blockIdx).c_str(),
                     describe(threadIdx).c_str());
}
FaultGuard::FaultGuard() { __asan_set_error_report_callback(add_thread_to_report); }
FaultGuard::~FaultGuard() { __asan_set_error_report_callback(nullptr); }
#else
FaultGuard::FaultGuard() = default;
FaultGuard::~FaultGuard() = default;
#endif

#endif

} // namespace emulator
