#include "ceilings.h"

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

namespace lposs::cpu {
#if defined(__x86_64__)
namespace avx512 {
float multiply_add_peak(int64_t rounds, int64_t* operations);
}
namespace avx2 {
float multiply_add_peak(int64_t rounds, int64_t* operations);
}
#endif
namespace portable {
float multiply_add_peak(int64_t rounds, int64_t* operations);
}
} // namespace lposs::cpu

namespace bench {
namespace {

using Peak = float (*)(int64_t rounds, int64_t* operations);

struct InstructionSet {
    const char* name;
    bool usable;
    Peak peak;
};

std::vector<InstructionSet> instruction_sets() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return {{"avx512", __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"),
             lposs::cpu::avx512::multiply_add_peak},
            {"avx2", __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"),
             lposs::cpu::avx2::multiply_add_peak},
            {"portable", true, lposs::cpu::portable::multiply_add_peak}};
#else
    return {{"portable", true, lposs::cpu::portable::multiply_add_peak}};
#endif
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
        if (set.usable)
            ceilings.peaks.push_back({set.name, peak_gflops(set.peak, 1), peak_gflops(set.peak, threads)});
    return ceilings;
}

Ceilings measure_card_ceilings([[maybe_unused]] int index) {
#ifdef LPOSS_BENCH_CUDA
    const CudaCeilings card = measure_cuda_ceilings(index);
    Ceilings ceilings;
    ceilings.copy_one_thread = ceilings.copy_all_threads = card.copy_gbps;
    ceilings.peaks.push_back({"cuda", card.peak_gflops, card.peak_gflops});
    return ceilings;
#else
    throw std::runtime_error("this benchmark was built without CUDA; configure with -DLPOSS_CUDA=on");
#endif
}

} // namespace bench
