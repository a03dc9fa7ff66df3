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

    /// GFLOP/s of all threads with the instruction set `isa`.
    double peak_of(const std::string& isa) const;
};

Ceilings measure_ceilings(int threads);

} // namespace bench
