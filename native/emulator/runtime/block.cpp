#include "emulator/runtime/block.h"

#include "emulator/runtime/diagnosis.h"
#include "emulator/runtime/shadow.h"
#include "emulator/runtime/shared_memory.h"

#include <algorithm>
#include <stdexcept>

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

namespace emulator {

Block* running;
__thread bool in_kernel;

Block& running_block(const char* function) {
    if (!in_kernel) throw std::logic_error(std::string(function) + " was called outside a kernel");
    return *running;
}

// ---------------------------------------------------------------------------- who runs next

void ReadyQueue::reset(std::size_t capacity) {
    ring_.resize(capacity);
    head_ = count_ = 0;
}

void ReadyQueue::push(unsigned thread) { ring_[(head_ + count_++) % ring_.size()] = thread; }

unsigned ReadyQueue::pop(Order order, Random& random) {
    if (order == Order::random) {
        const std::size_t pick = (head_ + random.below(static_cast<std::uint32_t>(count_))) % ring_.size();
        std::swap(ring_[head_], ring_[pick]);
    }
    const unsigned thread = ring_[head_];
    head_ = (head_ + 1) % ring_.size();
    --count_;
    return thread;
}

static void set_current(unsigned thread) {
    running->current = thread;
    running->self().state = State::running;
    threadIdx = running->self().index;
}

static void run_threads();

static void switch_to(unsigned next, bool current_ends) {
    Fiber& from = running->self().fiber;
    Thread& to = running->threads[next];
    if (to.state == State::fresh) prepare_fiber(to.fiber, take_stack(), run_threads);
    set_current(next);
    switch_fiber(from, to.fiber, current_ends);
}

[[noreturn]] static void fail_of_deadlock() {
    char waits[300] = "";
    int length = 0, shown = 0;
    unsigned at_barrier = 0, at_collective = 0;
    const Thread* last = nullptr;
    for (const Thread& thread : running->threads) {
        at_barrier += thread.state == State::at_barrier;
        at_collective += thread.state == State::at_collective;
        if (thread.state != State::at_barrier && thread.state != State::at_collective) continue;
        if (shown < 3 && (!last || !(last->site == thread.site))) {
            ++shown;
            length += std::snprintf(waits + length, sizeof waits - std::size_t(length),
                                    "\n  thread %s waits in %s at %s", describe(thread.index).c_str(),
                                    thread.state == State::at_barrier ? "__syncthreads" : name_of(thread.operation),
                                    describe(thread.site).c_str());
        }
        last = &thread;
    }
    fail(cudaErrorLaunchFailure,
         "deadlock: %u threads wait at a block barrier, %u in a warp collective, %u have exited%s", at_barrier,
         at_collective, running->exited, waits);
}

void suspend() {
    Block& block = *running;
    if (block.ready.empty()) fail_of_deadlock();
    const unsigned next = block.ready.pop(block.order, block.random);
    if (next == block.current) // it drew itself
        block.self().state = State::running;
    else
        switch_to(next, false);
}

void release(std::vector<unsigned>& threads) {
    if (running->order == Order::reverse) std::reverse(threads.begin(), threads.end());
    for (const unsigned thread : threads) {
        running->threads[thread].state = State::ready;
        running->ready.push(thread);
    }
}

void yield() {
    Block& block = running_block("__nanosleep");
    block.self().state = State::ready;
    block.ready.push(block.current);
    suspend();
}

unsigned lane_bit() { return 1u << (running_block("__activemask").current % 32); }

void fence_device() {
    running_block("__threadfence");
    shadow::device_fence();
}

// ---------------------------------------------------------------------------- block barrier

static void release_barrier() {
    Block& block = *running;
    block.barrier.result = block.barrier.votes;
    block.barrier.waiting = 0;
    shadow::block_barrier();
    static std::vector<unsigned>& all = *new std::vector<unsigned>;
    all.resize(block.threads.size());
    for (unsigned thread = 0; thread < all.size(); ++thread) all[thread] = thread;
    release(all);
}

static uint3 first_in(State state) {
    return std::find_if(running->threads.begin(), running->threads.end(),
                        [state](const Thread& thread) { return thread.state == state; })
        ->index;
}

int block_barrier(Vote vote, bool predicate, Site site) {
    Block& block = running_block("__syncthreads");
    Barrier& barrier = block.barrier;
    if (block.exited)
        fail(cudaErrorLaunchFailure,
             "divergent barrier: __syncthreads at %s, but %u of %zu threads have exited, the first is %s",
             describe(site).c_str(), block.exited, block.threads.size(), describe(first_in(State::exited)).c_str());
    if (barrier.waiting == 0) {
        barrier.site = site;
        barrier.vote = vote;
        barrier.votes = vote == Vote::all;
    } else if (!(barrier.site == site) || barrier.vote != vote) {
        fail(cudaErrorLaunchFailure,
             "divergent barrier: the thread arrives in __syncthreads at %s while %u threads, the first is %s, "
             "wait at %s",
             describe(site).c_str(), barrier.waiting, describe(first_in(State::at_barrier)).c_str(),
             describe(barrier.site).c_str());
    }
    switch (vote) {
    case Vote::none: break;
    case Vote::count: barrier.votes += predicate; break;
    case Vote::any: barrier.votes |= predicate; break;
    case Vote::all: barrier.votes &= predicate; break;
    }
    block.self().state = State::at_barrier;
    block.self().site = site;
    if (++barrier.waiting == block.threads.size()) release_barrier();
    suspend(); // the last to arrive queues too: who goes first is the order's choice
    return running->barrier.result;
}

// ---------------------------------------------------------------------------- a block's life

static void exit_thread() {
    Block& block = *running;
    if (block.barrier.waiting)
        fail(cudaErrorLaunchFailure, "divergent barrier: the thread exits while %u threads wait at %s",
             block.barrier.waiting, describe(block.barrier.site).c_str());
    check_no_meeting_waits();
    check_no_copy_waits();
    block.self().state = State::exited;
    block.warps[block.current / 32].exited |= lane_bit();
    ++block.exited;
}

void leave_block() {
    static Fiber nobody; // the context of a fiber that ends is saved, but never used
    switch_fiber(nobody, running->host, true);
    __builtin_unreachable();
}

// Every fiber's body. A thread that ends hands its stack to the next thread that has none: a kernel without barriers
// runs on one stack, without a switch.
static void run_threads() {
    for (;;) {
        Block& block = *running;
        block.call(block.context);
        const Stack stack = block.self().fiber.stack;
        exit_thread();
        if (block.ready.empty()) {
            if (block.exited < block.threads.size()) fail_of_deadlock();
            give_back_stack(stack);
            leave_block();
        }
        const unsigned next = block.ready.pop(block.order, block.random);
        if (block.threads[next].state == State::fresh) {
            block.threads[next].fiber.stack = stack;
            block.threads[next].fiber.fake_stack = nullptr;
            set_current(next);
        } else {
            give_back_stack(stack);
            switch_to(next, true);
        }
    }
}

void run_block(unsigned long linear_index) {
    Block& block = *running;
    const auto count = static_cast<unsigned>(block.threads.size());
    ++block.serial;
    block.exited = 0;
    block.barrier = {};
    block.ready.reset(count);
    for (unsigned i = 0; i < count; ++i) {
        block.threads[i].state = State::fresh;
        block.threads[i].copies.reset();
        block.ready.push(block.order == Order::reverse ? count - 1 - i : i);
    }
    for (unsigned i = 0; i < block.warps.size(); ++i) {
        const unsigned lanes = std::min(count - 32 * i, 32u);
        block.warps[i].present = 0xffffffffu >> (32 - lanes);
        block.warps[i].exited = 0;
        block.warps[i].meetings.clear();
    }
    shadow::block_begins(linear_index);
    begin_shared_memory(block.request->shared_bytes);

    const unsigned first = block.ready.pop(block.order, block.random);
    prepare_fiber(block.threads[first].fiber, take_stack(), run_threads);
    set_current(first);
    in_kernel = true;
    switch_fiber(block.host, block.threads[first].fiber, false);
    in_kernel = false;

    if (block.failure.code == cudaSuccess) check_shared_memory();
    if (block.failure.code != cudaSuccess) reclaim_stacks();
}

} // namespace emulator
