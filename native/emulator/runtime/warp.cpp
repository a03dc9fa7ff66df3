// Warp collectives: lanes gather at one source line, the last to arrive computes what each of them gets.
#include "emulator/runtime/block.h"
#include "emulator/runtime/diagnosis.h"
#include "emulator/runtime/shadow.h"

#include <algorithm>

namespace emulator {

const char* name_of(Collective operation) {
    switch (operation) {
    case Collective::sync: return "__syncwarp";
    case Collective::shuffle_index: return "__shfl_sync";
    case Collective::shuffle_up: return "__shfl_up_sync";
    case Collective::shuffle_down: return "__shfl_down_sync";
    case Collective::shuffle_xor: return "__shfl_xor_sync";
    case Collective::ballot: return "__ballot_sync";
    case Collective::all: return "__all_sync";
    case Collective::any: return "__any_sync";
    case Collective::match_any: return "__match_any_sync";
    case Collective::match_all: return "__match_all_sync";
    case Collective::add_unsigned:
    case Collective::add_signed: return "__reduce_add_sync";
    case Collective::min_unsigned:
    case Collective::min_signed: return "__reduce_min_sync";
    case Collective::max_unsigned:
    case Collective::max_signed: return "__reduce_max_sync";
    case Collective::bit_and: return "__reduce_and_sync";
    case Collective::bit_or: return "__reduce_or_sync";
    case Collective::bit_xor: return "__reduce_xor_sync";
    }
    return "a warp collective";
}

// ---------------------------------------------------------------------------- results

struct Lanes {
    Thread* threads; // of lane 0
    unsigned mask;   // who takes part
    bool has(int lane) const { return lane >= 0 && lane < 32 && (mask >> lane & 1u); }
};

static std::uint64_t shuffled(const Lanes& lanes, int lane) {
    const Thread& self = lanes.threads[lane];
    const int first = lane & ~(self.width - 1), last = first + self.width - 1;
    int source = lane;
    switch (self.operation) {
    case Collective::shuffle_index: source = first + (self.argument & (self.width - 1)); break;
    case Collective::shuffle_up: source = lane - self.argument < first ? lane : lane - self.argument; break;
    case Collective::shuffle_down: source = lane + self.argument > last ? lane : lane + self.argument; break;
    default: source = (lane ^ self.argument) > last ? lane : lane ^ self.argument; break;
    }
    constexpr std::uint64_t undefined = ~std::uint64_t(0); // NaN, -1
    return lanes.has(source) ? lanes.threads[source].value : undefined;
}

template <class T, class Combine>
static std::uint64_t reduced(const Lanes& lanes, Combine combine) {
    bool first = true;
    T result{};
    for (int lane = 0; lane < 32; ++lane) {
        if (!lanes.has(lane)) continue;
        const T value = from_bits<T>(lanes.threads[lane].value);
        result = first ? value : combine(result, value);
        first = false;
    }
    return to_bits(result);
}

static unsigned lanes_equal_to(const Lanes& lanes, std::uint64_t value) {
    unsigned equal = 0;
    for (int lane = 0; lane < 32; ++lane)
        if (lanes.has(lane) && lanes.threads[lane].value == value) equal |= 1u << lane;
    return equal;
}

static std::uint64_t result_for(const Lanes& lanes, int lane, Collective operation) {
    const auto voters = [&] { return lanes_equal_to(lanes, 1); };
    const auto equals = [&] { return lanes_equal_to(lanes, lanes.threads[lane].value); };
    const auto minimum = [](auto a, auto b) { return std::min(a, b); };
    const auto maximum = [](auto a, auto b) { return std::max(a, b); };
    switch (operation) {
    case Collective::sync: return 0;
    case Collective::shuffle_index:
    case Collective::shuffle_up:
    case Collective::shuffle_down:
    case Collective::shuffle_xor: return shuffled(lanes, lane);
    case Collective::match_any: return equals();
    case Collective::match_all: return equals() == lanes.mask ? lanes.mask : 0;
    case Collective::ballot: return voters();
    case Collective::all: return voters() == lanes.mask;
    case Collective::any: return voters() != 0;
    case Collective::add_unsigned:
    case Collective::add_signed: return reduced<unsigned>(lanes, [](auto a, auto b) { return a + b; });
    case Collective::min_unsigned: return reduced<unsigned>(lanes, minimum);
    case Collective::min_signed: return reduced<int>(lanes, minimum);
    case Collective::max_unsigned: return reduced<unsigned>(lanes, maximum);
    case Collective::max_signed: return reduced<int>(lanes, maximum);
    case Collective::bit_and: return reduced<unsigned>(lanes, [](auto a, auto b) { return a & b; });
    case Collective::bit_or: return reduced<unsigned>(lanes, [](auto a, auto b) { return a | b; });
    case Collective::bit_xor: return reduced<unsigned>(lanes, [](auto a, auto b) { return a ^ b; });
    }
    return 0;
}

// ---------------------------------------------------------------------------- meetings

static void complete(unsigned warp, const Meeting& meeting) {
    const Lanes lanes{&running->threads[warp * 32], meeting.mask};
    std::uint64_t results[32] = {};
    // The same for all lanes unless lanes bring different questions.
    const bool differs = meeting.operation <= Collective::shuffle_xor || meeting.operation == Collective::match_any;
    const int first = __builtin_ctz(meeting.mask);
    for (int lane = first; lane < 32; ++lane)
        if (lanes.has(lane))
            results[lane] = differs || lane == first ? result_for(lanes, lane, meeting.operation) : results[first];
    if (meeting.operation == Collective::sync) shadow::warp_barrier(warp, meeting.mask);

    static std::vector<unsigned>& arrived = *new std::vector<unsigned>;
    arrived.clear();
    for (int lane = 0; lane < 32; ++lane) {
        if (!lanes.has(lane)) continue;
        lanes.threads[lane].value = results[lane];
        arrived.push_back(warp * 32 + static_cast<unsigned>(lane));
    }
    release(arrived);
}

static void check_mask(const Warp& warp, Collective operation, unsigned mask, Site site) {
    if (!(mask & lane_bit()))
        fail(cudaErrorLaunchFailure, "%s at %s: lane %u calls it with mask 0x%08x, which does not name it",
             name_of(operation), describe(site).c_str(), running->current % 32, mask);
    if (const unsigned absent = mask & ~warp.present)
        fail(cudaErrorLaunchFailure, "%s at %s: mask 0x%08x names lanes 0x%08x, which the block does not have",
             name_of(operation), describe(site).c_str(), mask, absent);
    if (const unsigned gone = mask & warp.exited)
        fail(cudaErrorLaunchFailure, "%s at %s: mask 0x%08x names lanes 0x%08x, which have exited", name_of(operation),
             describe(site).c_str(), mask, gone);
}

/// The meeting to join, or a new one.
static Meeting& meeting_of(Warp& warp, Collective operation, unsigned mask, Site site) {
    for (Meeting& open : warp.meetings) {
        if (open.mask == mask && open.operation == operation && open.site == site) return open;
        if (open.mask & mask)
            fail(cudaErrorLaunchFailure,
                 "diverged warp: lane %u calls %s(mask 0x%08x) at %s while lanes 0x%08x wait in %s(mask "
                 "0x%08x) "
                 "at %s",
                 running->current % 32, name_of(operation), mask, describe(site).c_str(), open.arrived,
                 name_of(open.operation), open.mask, describe(open.site).c_str());
    }
    warp.meetings.push_back({operation, mask, 0, site});
    return warp.meetings.back();
}

std::uint64_t warp_collective(Collective operation, unsigned mask, std::uint64_t value, int argument, int width,
                              Site site) {
    Block& block = running_block(name_of(operation));
    const unsigned warp_index = block.current / 32;
    Warp& warp = block.warps[warp_index];
    check_mask(warp, operation, mask, site);
    if (width < 1 || width > 32 || (width & (width - 1)))
        fail(cudaErrorLaunchFailure, "%s at %s: width is %d; it must be a power of two, at most 32", name_of(operation),
             describe(site).c_str(), width);

    Thread& self = block.self();
    self.state = State::at_collective;
    self.site = site;
    self.operation = operation;
    self.value = value;
    self.argument = argument;
    self.width = width;
    Meeting& meeting = meeting_of(warp, operation, mask, site);
    meeting.arrived |= lane_bit();
    if (meeting.arrived == mask) {
        const Meeting whole = meeting;
        meeting = warp.meetings.back();
        warp.meetings.pop_back();
        complete(warp_index, whole);
    }
    suspend();
    return running->self().value;
}

void check_no_meeting_waits() {
    for (const Meeting& open : running->warps[running->current / 32].meetings)
        if (open.mask & lane_bit())
            fail(cudaErrorLaunchFailure,
                 "the thread exits while lanes 0x%08x of its warp wait for it in %s(mask 0x%08x) at %s", open.arrived,
                 name_of(open.operation), open.mask, describe(open.site).c_str());
}

} // namespace emulator
