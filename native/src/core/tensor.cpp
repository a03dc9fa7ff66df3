#include "core/tensor.h"

#include "core/struct_io.h"

#include "core/checked_size.h"

#include <cmath>
#include <cstring>

namespace lposs {
namespace {

constexpr int32_t most_dimensions = 4;

std::string requirement(std::initializer_list<lposs_dtype> dtypes, std::initializer_list<Dimension> shape) {
    std::string text = "[";
    for (const Dimension& dimension : shape) {
        if (text.size() > 1) text += ",";
        if (dimension.name) text += dimension.name;
        if (dimension.name && dimension.value >= 0) text += " = ";
        if (dimension.value >= 0)
            text += std::to_string(dimension.value);
        else if (dimension.minimum > 1)
            text += " >= " + std::to_string(dimension.minimum);
    }
    text += "] ";
    size_t left = dtypes.size();
    for (const lposs_dtype dtype : dtypes) {
        text += dtype_name(dtype);
        --left;
        if (left > 0) text += left == 1 ? " or " : ", ";
    }
    return text;
}

bool fits(const lposs_tensor& tensor, std::initializer_list<lposs_dtype> dtypes,
          std::initializer_list<Dimension> shape) {
    bool dtype_fits = false;
    for (const lposs_dtype dtype : dtypes) dtype_fits |= tensor.dtype == dtype;
    if (!dtype_fits || tensor.ndim != static_cast<int32_t>(shape.size())) return false;
    const int64_t* extent = tensor.shape;
    for (const Dimension& dimension : shape) {
        if (dimension.value >= 0 ? *extent != dimension.value : *extent < dimension.minimum) return false;
        ++extent;
    }
    return true;
}

/// The first value that is not finite or has a larger magnitude; -1 where there is none.
int64_t first_refused(const float* values, int64_t count, float largest_magnitude) {
    constexpr int64_t run = 4096; // whole runs are tested without a branch
    // Without their sign bit floats are in the order of their magnitudes, infinity and NaN above all.
    uint32_t largest = 0;
    std::memcpy(&largest, &largest_magnitude, sizeof largest);
    for (int64_t begin = 0; begin < count; begin += run) {
        const int64_t end = begin + run < count ? begin + run : count;
        uint32_t found = 0;
        for (int64_t i = begin; i < end; ++i) {
            uint32_t bits = 0;
            std::memcpy(&bits, values + i, sizeof bits);
            found |= static_cast<uint32_t>((bits & 0x7fffffffU) > largest);
        }
        if (!found) continue;
        for (int64_t i = begin; i < end; ++i)
            if (!(std::fabs(values[i]) <= largest_magnitude)) return i;
    }
    return -1;
}

/// Memory kind, size in bytes, presence and alignment of a tensor whose dtype and shape are right.
void check_buffer(const lposs_tensor& tensor, const char* name) {
    if (tensor.memory != LPOSS_MEMORY_HOST && tensor.memory != LPOSS_MEMORY_CUDA)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: memory is %d; it may be 0 (host) or 1 (CUDA)", name, tensor.memory);
    int64_t bytes = dtype_size(tensor.dtype);
    for (int32_t i = 0; i < tensor.ndim; ++i) bytes = checked_multiply(bytes, tensor.shape[i], name);
    if (bytes > 0 && !tensor.data)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: its data is NULL; %s needs a buffer", name, describe(tensor).c_str());
    if (reinterpret_cast<uintptr_t>(tensor.data) % static_cast<uintptr_t>(dtype_size(tensor.dtype)) != 0)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: its data is not aligned to its elements (%s)", name,
             dtype_name(tensor.dtype));
}

} // namespace

int64_t dtype_size(lposs_dtype dtype) {
    switch (dtype) {
    case LPOSS_FLOAT32:
        return 4;
    case LPOSS_UINT8:
        return 1;
    case LPOSS_UINT16:
        return 2;
    case LPOSS_INT32:
        return 4;
    case LPOSS_INT64:
        return 8;
    default:
        return 0;
    }
}

const char* dtype_name(lposs_dtype dtype) {
    switch (dtype) {
    case LPOSS_FLOAT32:
        return "float32";
    case LPOSS_UINT8:
        return "uint8";
    case LPOSS_UINT16:
        return "uint16";
    case LPOSS_INT32:
        return "int32";
    case LPOSS_INT64:
        return "int64";
    default:
        return "unknown dtype";
    }
}

bool is_given(const lposs_tensor& tensor) {
    return tensor.data != nullptr || tensor.ndim != 0;
}

int64_t element_count(const lposs_tensor& tensor) {
    int64_t count = 1;
    for (int32_t i = 0; i < tensor.ndim; ++i) count *= tensor.shape[i];
    return count;
}

int64_t byte_count(const lposs_tensor& tensor) {
    return element_count(tensor) * dtype_size(tensor.dtype);
}

std::string describe(const lposs_tensor& tensor) {
    if (!is_given(tensor)) return "not given";
    std::string text = "[";
    for (int32_t i = 0; i < tensor.ndim && i < most_dimensions; ++i) {
        if (i > 0) text += ",";
        text += std::to_string(tensor.shape[i]);
    }
    return text + "] " + dtype_name(tensor.dtype);
}

const lposs_tensor& check_struct(const lposs_tensor* tensor, const char* name) {
    if (!tensor) fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is NULL; it must be a tensor", name);
    check_part_size(*tensor, name);
    return *tensor;
}

void check_tensor(const lposs_tensor& tensor, const char* name, std::initializer_list<lposs_dtype> dtypes,
                  std::initializer_list<Dimension> shape) {
    check_struct(&tensor, name);
    if (tensor.ndim < 0 || tensor.ndim > most_dimensions)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: ndim is %d; it may be 1 to 4", name, tensor.ndim);
    if (!fits(tensor, dtypes, shape))
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is %s; it must be %s", name, describe(tensor).c_str(),
             requirement(dtypes, shape).c_str());
    check_buffer(tensor, name);
}

void check_any_tensor(const lposs_tensor& tensor, const char* name) {
    bool fits = dtype_size(tensor.dtype) > 0 && tensor.ndim >= 1 && tensor.ndim <= most_dimensions;
    for (int32_t i = 0; fits && i < tensor.ndim; ++i) fits = tensor.shape[i] >= 0;
    if (!fits)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is %s; it must have a dtype, 1 to 4 dimensions and no negative size",
             name, describe(tensor).c_str());
    check_buffer(tensor, name);
}

void check_finite(const lposs_tensor& tensor, const char* name, float largest_magnitude) {
    if (tensor.memory != LPOSS_MEMORY_HOST || tensor.dtype != LPOSS_FLOAT32) return;
    const auto* values = data_of<const float>(tensor);
    const int64_t found = first_refused(values, element_count(tensor), largest_magnitude);
    if (found < 0) return;
    std::string place;
    int64_t rest = found;
    for (int32_t i = tensor.ndim; i-- > 0;) {
        place = std::to_string(rest % tensor.shape[i]) + (place.empty() ? "" : ",") + place;
        rest /= tensor.shape[i];
    }
    if (!std::isfinite(values[found]))
        fail(LPOSS_ERROR_NOT_FINITE, "%s: element [%s] is %s; every value must be finite", name, place.c_str(),
             std::isnan(values[found]) ? "NaN" : "infinite");
    fail(LPOSS_ERROR_NOT_FINITE,
         "%s: element [%s] is %g; magnitudes may be up to %g, so that a solve stays finite (leave masked classes "
         "out, or give them the smallest of the other scores)",
         name, place.c_str(), static_cast<double>(values[found]), static_cast<double>(largest_magnitude));
}

void check_host(const lposs_tensor& tensor, const char* name) {
    if (tensor.memory != LPOSS_MEMORY_HOST)
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: lies in device memory; it must lie in host memory", name);
}

void check_apart(const lposs_tensor& output, const char* output_name, const lposs_tensor& input,
                 const char* input_name) {
    if (output.memory != input.memory || !is_given(output) || !is_given(input)) return;
    const auto out = reinterpret_cast<uintptr_t>(output.data);
    const auto in = reinterpret_cast<uintptr_t>(input.data);
    if (out < in + static_cast<uintptr_t>(byte_count(input)) && in < out + static_cast<uintptr_t>(byte_count(output)))
        fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: overlaps %s; it must be a buffer of its own", output_name, input_name);
}

} // namespace lposs
