#include "ceilings.h"

#include "cpu/runtime/instruction_sets.h"
#include "timing.h"

#ifdef LPOSS_BENCH_CUDA
#include "cuda/cuda_ceilings.h"
#endif

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>

#define BENCH_DECLARE_PEAK(isa)                                                                                        \
    namespace lposs::cpu::isa {                                                                                        \
    float multiply_add_peak(int64_t rounds, int64_t* operations);                                                      \
    }
LPOSS_FOR_EACH_ISA(BENCH_DECLARE_PEAK)

namespace bench {
namespace {

using Peak = float (*)(int64_t rounds, int64_t* operations);

struct InstructionSet {
    const char* name;
    bool usable;
    Peak peak;
};

std::vector<InstructionSet> instruction_sets() {
#define BENCH_INSTRUCTION_SET(isa) {#isa, lposs::cpu::has_##isa(), lposs::cpu::isa::multiply_add_peak},
    return {LPOSS_FOR_EACH_ISA(BENCH_INSTRUCTION_SET)};
}

void on_threads(int threads, const std::function<void(int)>& body) {
    std::vector<std::thread> others;
    for (int t = 1; t < threads; ++t) others.emplace_back(body, t);
    body(0);
    for (auto& other : others) other.join();
}

/// GFLOP/s: the best of a few runs, since a ceiling is what was reached once.
double peak_gflops(Peak peak, int threads) {
    constexpr int64_t rounds = 20'000'000;
    double best = 0.0;
    for (int run = 0; run < 3; ++run) {
        int64_t operations = 0;
        const auto begin = std::chrono::steady_clock::now();
        on_threads(threads, [&](int thread) {
            int64_t mine = 0;
            peak(rounds, &mine);
            if (thread == 0) operations = mine;
        });
        const double ms = milliseconds_since(begin);
        best = std::max(best, static_cast<double>(operations) * threads / ms * 1e-6);
    }
    return best;
}

/// GB/s of copying between buffers far larger than the caches.
double copy_gbps(int threads) {
    constexpr size_t bytes = size_t{256} << 20;
    const std::unique_ptr<char[]> from(new char[bytes]);
    const std::unique_ptr<char[]> to(new char[bytes]);
    std::memset(from.get(), 1, bytes);
    std::memset(to.get(), 2, bytes);
    double best = 0.0;
    for (int run = 0; run < 5; ++run) {
        const auto begin = std::chrono::steady_clock::now();
        on_threads(threads, [&](int thread) {
            const size_t share = bytes / static_cast<size_t>(threads);
            const size_t at = share * static_cast<size_t>(thread);
            std::memcpy(to.get() + at, from.get() + at, share);
        });
        best = std::max(best, 2.0 * static_cast<double>(bytes) / milliseconds_since(begin) * 1e-6);
    }
    return best;
}

} // namespace

double Ceilings::peak_of(const std::string& backend) const {
    for (const Peak& peak : peaks)
        if (backend.find(peak.isa) != std::string::npos) return peak.all_threads;
    return 0.0;
}

Ceilings measure_ceilings(int threads) {
    Ceilings ceilings;
    ceilings.copy_one_thread = copy_gbps(1);
    ceilings.copy_all_threads = copy_gbps(threads);
    for (const InstructionSet& set : instruction_sets())
        if (set.usable) ceilings.peaks.push_back({set.name, peak_gflops(set.peak, 1), peak_gflops(set.peak, threads)});
    return ceilings;
}

Ceilings measure_card_ceilings([[maybe_unused]] int index) {
#ifdef LPOSS_BENCH_CUDA
    const CudaCeilings device = measure_cuda_ceilings(index);
    Ceilings ceilings;
    ceilings.copy_one_thread = ceilings.copy_all_threads = device.copy_gbps;
    ceilings.peaks.push_back({"cuda", device.peak_gflops, device.peak_gflops});
    ceilings.extras = {{"cache_gbps", "second cache, read", "GB/s", device.cache_gbps},
                       {"special_gops", "special functions", "G/s", device.special_gops},
                       {"launch_us", "launch behind a launch", "us", device.launch_us}};
    return ceilings;
#else
    throw std::runtime_error("this benchmark was built without CUDA; configure with -DLPOSS_CUDA=on");
#endif
}

} // namespace bench
