// The harness's arrays as the library's tensors: inputs that must not change, outputs between guard bands.
#pragma once

#include "harness/device.h"
#include "spec/array.h"

#include <cstring>
#include <stdexcept>
#include <string>
#include <type_traits>

template <class T>
constexpr lposs_dtype dtype_of = std::is_same_v<T, float>      ? LPOSS_FLOAT32
                                 : std::is_same_v<T, uint8_t>  ? LPOSS_UINT8
                                 : std::is_same_v<T, uint16_t> ? LPOSS_UINT16
                                 : std::is_same_v<T, int32_t>  ? LPOSS_INT32
                                                               : LPOSS_INT64;

lposs_tensor tensor_of(lposs_dtype dtype, lposs_memory memory, const std::vector<int64_t>& shape, void* data);

/// A tensor over an array that stays where it is, for what the header asks for in host memory; the library only reads
/// it, although a tensor's pointer is not const.
template <class T>
lposs_tensor host_tensor(const Array<T>& array) {
    return tensor_of(dtype_of<T>, LPOSS_MEMORY_HOST, array.shape, const_cast<T*>(array.values.data()));
}

/// Bytes in host memory or from lposs_memory_allocate.
class Block {
public:
    Block(lposs_context* context, const TestDevice& device, const std::vector<unsigned char>& contents);
    ~Block();
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;

    unsigned char* data() const { return data_; }
    std::vector<unsigned char> contents() const;

private:
    void copy(unsigned char* from, lposs_memory from_memory, unsigned char* to, lposs_memory to_memory) const;

    lposs_context* context_;
    TestDevice device_;
    int64_t bytes_;
    std::vector<unsigned char> host_;
    unsigned char* data_ = nullptr;
};

/// A copy of an array where the device wants it. It is one element off any wider alignment, which the header does not
/// promise. verify() throws if the call wrote to it.
template <class T>
class Input {
public:
    Input(lposs_context* context, const TestDevice& device, const Array<T>& array)
        : bytes_(sizeof(T) * (array.values.size() + 1)), block_(context, device, fill(bytes_, array)),
          tensor_(tensor_of(dtype_of<T>, device.memory(), array.shape, block_.data() + sizeof(T))) {}

    const lposs_tensor& tensor() const { return tensor_; }
    void verify() const {
        if (block_.contents() != bytes_) throw std::runtime_error("a call wrote to its input");
    }

private:
    static std::vector<unsigned char>& fill(std::vector<unsigned char>& bytes, const Array<T>& array) {
        if (array.size() > 0) std::memcpy(bytes.data() + sizeof(T), array.values.data(), bytes.size() - sizeof(T));
        return bytes;
    }

    std::vector<unsigned char> bytes_;
    Block block_;
    lposs_tensor tensor_;
};

/// A buffer for results between two guard bands; before the call it holds NaN, or 0xFF in every byte of an integer.
template <class T>
class Output {
public:
    Output(lposs_context* context, const TestDevice& device, std::vector<int64_t> shape)
        : array_(std::move(shape)), block_(context, device, poison(array_.values.size() * sizeof(T))),
          tensor_(tensor_of(dtype_of<T>, device.memory(), array_.shape, block_.data() + guard)) {}

    const lposs_tensor& tensor() const { return tensor_; }

    /// What was written; throws if a guard band was.
    Array<T> fetch() {
        const std::vector<unsigned char> bytes = block_.contents();
        const size_t size = array_.values.size() * sizeof(T);
        for (size_t i = 0; i < bytes.size(); ++i)
            if ((i < guard || i >= guard + size) && bytes[i] != canary)
                throw std::runtime_error("a call wrote outside of its output, at byte " +
                                         std::to_string(static_cast<int64_t>(i) - static_cast<int64_t>(guard)) +
                                         " of " + std::to_string(size));
        if (size > 0) std::memcpy(array_.values.data(), bytes.data() + guard, size);
        return array_;
    }

private:
    static constexpr size_t guard = 1024 + sizeof(T);
    static constexpr unsigned char canary = 0xA5;

    static std::vector<unsigned char> poison(size_t bytes) {
        std::vector<unsigned char> all(bytes + 2 * guard, canary);
        if (bytes > 0) std::memset(all.data() + guard, 0xFF, bytes);
        return all;
    }

    Array<T> array_;
    Block block_;
    lposs_tensor tensor_;
};
