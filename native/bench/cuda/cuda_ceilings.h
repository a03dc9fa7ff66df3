#pragma once

namespace bench {

struct CudaCeilings {
    double copy_gbps = 0.0;    ///< device to device, bytes read plus bytes written
    double peak_gflops = 0.0;  ///< float32 multiply-adds, each counted as two
    double cache_gbps = 0.0;   ///< read from the second cache
    double special_gops = 0.0; ///< powers of two, 1e9 a second
    double launch_us = 0.0;    ///< from the start of one small kernel to the start of the next
};

/// Of the device `index`. Throws std::runtime_error with CUDA's own text.
CudaCeilings measure_cuda_ceilings(int index);

} // namespace bench
