// Checks of the caller's tensors: dtype, shape, memory, and what lies in it.
#pragma once

#include "core/error.h"

#include <initializer_list>
#include <limits>
#include <string>

namespace lposs {

/// What one dimension must be: a number, or any number from `least` on, called by its letter in messages.
struct Dimension {
    Dimension(const char* letter, int64_t least = 1) : name(letter), minimum(least) {}
    Dimension(int64_t exact) : value(exact) {}
    Dimension(const char* letter, int64_t exact, bool) : name(letter), value(exact) {}

    const char* name = nullptr;
    int64_t value = -1; ///< -1: free
    int64_t minimum = 1;
};

/// A dimension that is already known, still called by its letter: N = 2940.
inline Dimension known(const char* letter, int64_t value) {
    return {letter, value, true};
}

/// Bytes of one element; 0 for a number that is no dtype.
int64_t dtype_size(lposs_dtype dtype);
const char* dtype_name(lposs_dtype dtype);

/// Is the tensor given at all? (data or a dimension)
bool is_given(const lposs_tensor& tensor);

/// Refuses NULL and a wrong struct size; returns the tensor.
const lposs_tensor& check_struct(const lposs_tensor* tensor, const char* name);

/// Refuses what is not one of `dtypes` with these dimensions; sizes in bytes are checked to fit 63 bits.
void check_tensor(const lposs_tensor& tensor, const char* name, std::initializer_list<lposs_dtype> dtypes,
                  std::initializer_list<Dimension> shape);

/// Refuses what has no dtype, not 1 to 4 dimensions, a negative extent, no buffer or a size that does not fit
/// 63 bits.
void check_any_tensor(const lposs_tensor& tensor, const char* name);

/// Scores that are solved for may have magnitudes up to this: a solve sums their squares, a million of which are still
/// floats.
constexpr float largest_score = 1e16F;

/// Refuses NaN, infinity and larger magnitudes in a float32 tensor in host memory, naming the first place; others pass
/// unread.
void check_finite(const lposs_tensor& tensor, const char* name,
                  float largest_magnitude = std::numeric_limits<float>::max());

/// Refuses a tensor that does not lie in host memory.
void check_host(const lposs_tensor& tensor, const char* name);

/// Refuses outputs whose memory overlaps an input's.
void check_apart(const lposs_tensor& output, const char* output_name, const lposs_tensor& input,
                 const char* input_name);

int64_t element_count(const lposs_tensor& tensor);
int64_t byte_count(const lposs_tensor& tensor);

template <class T>
T* data_of(const lposs_tensor& tensor) {
    return static_cast<T*>(tensor.data);
}

/// "[3,5] float32"
std::string describe(const lposs_tensor& tensor);

} // namespace lposs
