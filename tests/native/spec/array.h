// A plain row-major array in host memory: what the spec computes with and what the harness moves.
#pragma once

#include <cstdint>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

template <class T>
struct Array {
    std::vector<int64_t> shape;
    std::vector<T> values;

    Array() = default;
    explicit Array(std::vector<int64_t> dimensions, T fill = T{})
        : shape(std::move(dimensions)),
          values(static_cast<size_t>(std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>())),
                 fill) {}
    Array(std::vector<int64_t> dimensions, std::vector<T> data)
        : shape(std::move(dimensions)), values(std::move(data)) {}

    int64_t size() const { return static_cast<int64_t>(values.size()); }
    T& operator()(int64_t i) { return values[static_cast<size_t>(i)]; }
    T operator()(int64_t i) const { return values[static_cast<size_t>(i)]; }
    T& operator()(int64_t i, int64_t j) { return (*this)(i * shape[1] + j); }
    T operator()(int64_t i, int64_t j) const { return (*this)(i * shape[1] + j); }
    T& operator()(int64_t i, int64_t j, int64_t k) { return (*this)((i * shape[1] + j) * shape[2] + k); }
    T operator()(int64_t i, int64_t j, int64_t k) const { return (*this)((i * shape[1] + j) * shape[2] + k); }

    Array reshaped(std::vector<int64_t> dimensions) const { return Array(std::move(dimensions), values); }
};

template <class To, class From>
Array<To> cast(const Array<From>& from) {
    Array<To> to(from.shape);
    for (int64_t i = 0; i < from.size(); ++i) to(i) = static_cast<To>(from(i));
    return to;
}
