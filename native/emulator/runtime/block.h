// The block that runs: its threads, who of them is ready, and where the others wait.
#pragma once

#include "emulator/cuda.h"
#include "emulator/runtime/fiber.h"

#include <vector>

namespace emulator {

enum class State : unsigned char { fresh, ready, running, at_barrier, at_collective, exited };

/// A thread's copies by cp.async, in the order in which it started them.
struct Copies {
    std::vector<AsyncCopy> pending; // from `next` on
    std::size_t next;
    unsigned group; // that new ones belong to
    void reset();
};

struct Thread {
    Fiber fiber;
    uint3 index;
    State state;
    // Where it waits, and for a collective what it brings and then gets.
    Site site;
    Collective operation;
    int argument, width;
    std::uint64_t value;
    Copies copies;
};

/// Lanes that gather for a collective.
struct Meeting {
    Collective operation;
    unsigned mask, arrived;
    Site site;
};

struct Warp {
    unsigned present, exited; // lanes
    std::vector<Meeting> meetings;
};

struct Barrier {
    Site site;
    Vote vote;
    unsigned waiting;
    int votes, result;
};

enum class Order : unsigned char { forward, reverse, random };

class Random {
public:
    void seed(std::uint64_t value) { state_ = value * 2654435761u + 1; }
    /// 0 <= result < limit
    std::uint32_t below(std::uint32_t limit) {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::uint32_t>((state_ >> 33) % limit);
    }

private:
    std::uint64_t state_ = 1;
};

/// Threads that can run, in the order in which they will; a ring, since at most all threads are in it.
class ReadyQueue {
public:
    void reset(std::size_t capacity);
    void push(unsigned thread);
    /// The next thread; under random order any of them. The queue is not empty.
    unsigned pop(Order order, Random& random);
    bool empty() const { return count_ == 0; }

private:
    std::vector<unsigned> ring_;
    std::size_t head_ = 0, count_ = 0;
};

struct Block {
    // of the launch
    const LaunchRequest* request;
    void (*call)(const void*);
    const void* context;
    Order order;
    Random random;
    // of this block
    unsigned long serial; // different for every block that ever ran
    std::vector<Thread> threads;
    std::vector<Warp> warps;
    ReadyQueue ready;
    Barrier barrier;
    unsigned current, exited;
    Fiber host;
    Failure failure;

    Thread& self() { return threads[current]; }
};

extern Block* running;                                                     // nullptr before the first launch
extern __thread bool in_kernel __attribute__((tls_model("initial-exec"))); // this thread runs a kernel now

/// Throws std::logic_error if called outside a kernel, where device functions have no meaning.
Block& running_block(const char* function);

/// Runs the block blockIdx of running->request to its end, or to running->failure.
void run_block(unsigned long linear_index);
/// Back to run_block for good, from any of the block's threads.
[[noreturn]] void leave_block();

/// Lets another ready thread run until this one is ready again; a deadlock if there is none.
void suspend();
/// Makes threads ready, given in ascending order, as the order of the launch says.
void release(std::vector<unsigned>& threads);

const char* name_of(Collective operation);
/// Fails if lanes of the current thread's warp wait for it to join a collective, as it is about to exit.
void check_no_meeting_waits();
/// Fails if the current thread, about to exit, has not waited for all of its copies.
void check_no_copy_waits();

} // namespace emulator
