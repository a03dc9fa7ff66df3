// A call with tensors that are right, and what must happen when one of them is not.
#pragma once

#include "harness/compare.h"
#include "harness/core.h"
#include "harness/random.h"
#include "harness/refusal.h"

#include <functional>
#include <limits>

/// Tensors in host memory with buffers of their own.
template <class T>
struct HostTensor : lposs_tensor {
    Array<T> array;
    explicit HostTensor(std::vector<int64_t> dimensions, T fill = T{})
        : lposs_tensor{}, array(std::move(dimensions), fill) {
        static_cast<lposs_tensor&>(*this) = host_tensor(array);
    }
    explicit HostTensor(Array<T> values) : lposs_tensor{}, array(std::move(values)) {
        static_cast<lposs_tensor&>(*this) = host_tensor(array);
    }
};

/// Breaks a tensor in each way that holds for every tensor, and expects `call` to name it each time.
inline void expect_tensor_is_checked(lposs_tensor& tensor, const char* name,
                                     const std::function<lposs_status()>& call) {
    SCOPED_TRACE(name);
    const lposs_tensor right = tensor;
    ASSERT_TRUE(succeeded(call())) << "before anything was broken";
    const auto expect = [&](const char* what, std::initializer_list<std::string> words) {
        EXPECT_TRUE(refused(call(), LPOSS_ERROR_INVALID_ARGUMENT, words)) << what;
        tensor = right;
    };
    tensor.struct_size = 12;
    expect("a wrong struct size", {name, "size"});
    tensor.dtype = right.dtype == LPOSS_INT64 ? LPOSS_FLOAT32 : LPOSS_INT64;
    expect("a wrong dtype", {name, right.dtype == LPOSS_INT64 ? "float32" : "int64"});
    tensor.dtype = 99;
    expect("an unknown dtype", {name});
    tensor.memory = 5;
    expect("an unknown kind of memory", {name, "memory", "5"});
    for (const int32_t ndim : {-1, 0, 5, right.ndim == 1 ? 2 : 1}) {
        tensor.ndim = ndim;
        expect("a wrong number of dimensions", {name});
    }
    for (int32_t i = 0; i < right.ndim; ++i) {
        tensor.shape[i] = -1;
        expect("a negative dimension", {name, "-1"});
        // One dimension may be free for this call alone; two that are too large never fit.
        tensor.shape[i] = int64_t{1} << 62;
        EXPECT_NE(call(), LPOSS_OK) << "a dimension of 2^62";
        EXPECT_STRNE(lposs_last_error(), "");
        tensor = right;
    }
    tensor.data = nullptr;
    expect("no buffer", {name});
    if (right.dtype == LPOSS_FLOAT32 || right.dtype == LPOSS_INT32) {
        tensor.data = static_cast<unsigned char*>(right.data) + 1;
        expect("a buffer between two elements", {name, "aligned"});
    }
    ASSERT_TRUE(succeeded(call())) << "after all was mended";
}

/// NaN and infinity anywhere in a float32 input are refused by name and place.
inline void expect_finite_is_checked(HostTensor<float>& tensor, const char* name,
                                     const std::function<lposs_status()>& call, bool is_solved = false) {
    SCOPED_TRACE(name);
    for (const int64_t at : {int64_t{0}, tensor.array.size() / 2, tensor.array.size() - 1})
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                                -std::numeric_limits<float>::infinity()}) {
            const float good = tensor.array(at);
            tensor.array(at) = bad;
            EXPECT_TRUE(refused(call(), LPOSS_ERROR_NOT_FINITE, {name, bad == bad ? "infinite" : "NaN"}));
            tensor.array(at) = good;
        }
    if (!is_solved) return;
    // What users put where a class is masked: finite, and its square is not.
    for (const float huge : {-std::numeric_limits<float>::max(), -1e38F, 1.1e16F}) {
        const float good = tensor.array(0);
        tensor.array(0) = huge;
        EXPECT_TRUE(refused(call(), LPOSS_ERROR_NOT_FINITE, {name, "magnitudes may be up to"}));
        tensor.array(0) = good;
    }
}
