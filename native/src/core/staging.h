// Brings the caller's tensors to the backend's memory and back: a pointer where they already lie there, a copy where
// they do not.
#pragma once

#include "core/context.h"
#include "core/tensor.h"

namespace lposs {

inline void check_reachable(const Backend& backend, const lposs_tensor& tensor, const char* name) {
    if (tensor.memory == LPOSS_MEMORY_CUDA && backend.device() == LPOSS_DEVICE_CPU)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: lies in CUDA memory, but the context is on the CPU", name);
}

/// An input, readable by the backend for the life of this object.
template <class T>
class StagedInput {
public:
    StagedInput(Backend& backend, const lposs_tensor& tensor, const char* name) {
        check_reachable(backend, tensor, name);
        if (tensor.memory == memory_of(backend)) {
            data_ = data_of<const T>(tensor);
            return;
        }
        copy_ = Buffer<unsigned char>(backend.pool(), byte_count(tensor));
        backend.copy(copy_.data(), memory_of(backend), tensor.data, tensor.memory,
                     static_cast<size_t>(byte_count(tensor)));
        data_ = reinterpret_cast<const T*>(copy_.data());
    }
    const T* data() const { return data_; }

private:
    Buffer<unsigned char> copy_;
    const T* data_ = nullptr;
};

/// An output, writable by the backend; finish() brings it home, and waits if home is host memory.
template <class T>
class StagedOutput {
public:
    StagedOutput(Backend& backend, const lposs_tensor& tensor, const char* name) : backend_(backend), tensor_(tensor) {
        check_reachable(backend, tensor, name);
        if (tensor.memory == memory_of(backend)) {
            data_ = data_of<T>(tensor);
            return;
        }
        copy_ = Buffer<unsigned char>(backend.pool(), byte_count(tensor));
        data_ = reinterpret_cast<T*>(copy_.data());
    }
    T* data() const { return data_; }
    void finish() {
        if (copy_.data())
            backend_.copy(tensor_.data, tensor_.memory, copy_.data(), memory_of(backend_),
                          static_cast<size_t>(byte_count(tensor_)));
    }

private:
    Backend& backend_;
    const lposs_tensor& tensor_;
    Buffer<unsigned char> copy_;
    T* data_ = nullptr;
};

} // namespace lposs
