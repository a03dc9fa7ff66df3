#pragma once

namespace bench {

struct CudaCeilings {
    double copy_gbps = 0.0;   ///< device to device, bytes read plus bytes written
    double peak_gflops = 0.0; ///< float32 multiply-adds, each counted as two
};

/// Of the device `index`. Throws std::runtime_error with CUDA's own text.
CudaCeilings measure_cuda_ceilings(int index);

} // namespace bench
