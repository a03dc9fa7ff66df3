// An array where the context works: the host's own on the CPU, a copy in device memory on CUDA, so that what is timed
// is the core and not the bus.
#pragma once

#include "lposs/lposs.h"
#include "spec/array.h"

#include <stdexcept>

namespace bench {

/// Throws std::runtime_error with the library's text.
inline void must(lposs_status status) {
    if (status != LPOSS_OK) throw std::runtime_error(lposs_last_error());
}

template <class T>
constexpr lposs_dtype dtype_of();
template <>
constexpr lposs_dtype dtype_of<float>() {
    return LPOSS_FLOAT32;
}
template <>
constexpr lposs_dtype dtype_of<uint8_t>() {
    return LPOSS_UINT8;
}
template <>
constexpr lposs_dtype dtype_of<int32_t>() {
    return LPOSS_INT32;
}

/// A tensor over the array's own memory.
template <class T>
lposs_tensor view(Array<T>& array) {
    lposs_tensor tensor;
    lposs_tensor_init(&tensor);
    tensor.dtype = dtype_of<T>();
    tensor.ndim = static_cast<int32_t>(array.shape.size());
    for (size_t i = 0; i < array.shape.size(); ++i) tensor.shape[i] = array.shape[i];
    tensor.data = array.values.data();
    return tensor;
}

template <class T>
class DeviceArray {
public:
    /// `array` must outlive this object.
    DeviceArray(lposs_context* context, Array<T>& array) : context_(context), host_(view(array)), here_(host_) {
        lposs_context_info info;
        lposs_context_info_init(&info);
        must(lposs_context_get_info(context, &info));
        if (info.device == LPOSS_DEVICE_CPU) return;
        bytes_ = static_cast<int64_t>(array.values.size() * sizeof(T));
        must(lposs_memory_allocate(context, bytes_, &here_.data));
        here_.memory = LPOSS_MEMORY_CUDA;
        must(lposs_tensor_copy(context, &host_, &here_));
    }
    ~DeviceArray() {
        if (bytes_ > 0) lposs_memory_release(context_, here_.data, bytes_);
    }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;

    const lposs_tensor* tensor() const { return &here_; }

    /// Brings the values back to the array that this was made from.
    void download() const {
        if (bytes_ > 0) must(lposs_tensor_copy(context_, &here_, &host_));
    }

private:
    lposs_context* context_;
    lposs_tensor host_;
    lposs_tensor here_;
    int64_t bytes_ = 0; ///< of device memory; 0 on the CPU
};

} // namespace bench
