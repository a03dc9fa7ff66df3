// What the machine can do at most: the two numbers every stage is measured against.
#pragma once

#include <string>
#include <vector>

namespace bench {

struct Ceilings {
    struct Peak {
        std::string isa;   ///< instruction set
        double one_thread; ///< GFLOP/s, a multiply-add counted as two
        double all_threads;
    };
    /// One more figure of a GPU.
    struct Extra {
        const char *key, *name, *unit;
        double value;
    };
    double copy_one_thread = 0.0; ///< GB/s, bytes read plus bytes written
    double copy_all_threads = 0.0;
    std::vector<Peak> peaks; ///< widest first
    std::vector<Extra> extras;

    /// GFLOP/s of all threads with the instruction set that the backend's name holds ("cpu avx512", "cuda sm_90").
    double peak_of(const std::string& backend) const;
};

/// Of the processor, on one and on `threads` threads.
Ceilings measure_ceilings(int threads);

/// Of a GPU: its own copy bandwidth and multiply-add rate, and what else may bind there. Throws std::runtime_error in a
/// build without CUDA.
Ceilings measure_card_ceilings(int index);

} // namespace bench
