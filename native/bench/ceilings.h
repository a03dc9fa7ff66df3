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
    double copy_one_thread = 0.0; ///< GB/s, bytes read plus bytes written
    double copy_all_threads = 0.0;
    std::vector<Peak> peaks; ///< widest first

    /// GFLOP/s of all threads with the instruction set that the backend's name holds ("cpu avx512", "cuda sm_90").
    double peak_of(const std::string& backend) const;
};

/// Of the processor, on one and on `threads` threads.
Ceilings measure_ceilings(int threads);

/// Of a GPU: its own copy bandwidth and multiply-add rate. Throws std::runtime_error in a build without CUDA.
Ceilings measure_card_ceilings(int index);

} // namespace bench
