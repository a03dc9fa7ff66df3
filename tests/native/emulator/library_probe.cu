// A library as the backend is one: loaded with dlopen, no exception leaves it.
#include "device_array.h"
#include "kernels.h"

#include <cstdio>

/// 0, or -1 with the error's text: the product of two n x n matrices of ones, sound or with a store past its end.
extern "C" __attribute__((visibility("default"))) int probe(int n, int broken, char* text, std::size_t text_bytes) {
    using namespace selftest;
    try {
        const auto count = std::size_t(n) * std::size_t(n);
        const DeviceArray<float> ones(std::vector<float>(count, 1.0f)), product(count);
        matrix_product(ones.data(), ones.data(), product.data(), n, broken ? Bug::store_past_end : Bug::none);
        for (const float value : product.host())
            if (value != float(n)) throw std::runtime_error("wrong numbers");
        return 0;
    } catch (const gpu::Error& error) {
        std::snprintf(text, text_bytes, "%s: %s", cudaGetErrorName(error.code()), error.what());
    } catch (const std::exception& error) {
        std::snprintf(text, text_bytes, "not a gpu::Error: %s", error.what());
    }
    return -1;
}
