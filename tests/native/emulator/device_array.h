#pragma once

#include "cuda/runtime/gpu.h"

#include <vector>

namespace selftest {

/// Device memory that holds a copy of `host`, or of `count` elements that nobody wrote.
template <class T>
class DeviceArray {
public:
    explicit DeviceArray(std::size_t count) : count_(count) { GPU_CHECK(cudaMalloc(&data_, count * sizeof(T))); }
    explicit DeviceArray(const std::vector<T>& host) : DeviceArray(host.size()) {
        GPU_CHECK(cudaMemcpy(data_, host.data(), count_ * sizeof(T), cudaMemcpyHostToDevice));
    }
    ~DeviceArray() { static_cast<void>(cudaFree(data_)); }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;

    T* data() const { return data_; }
    std::vector<T> host() const {
        std::vector<T> host(count_);
        GPU_CHECK(cudaMemcpy(host.data(), data_, count_ * sizeof(T), cudaMemcpyDeviceToHost));
        return host;
    }

private:
    T* data_ = nullptr;
    std::size_t count_;
};

} // namespace selftest
