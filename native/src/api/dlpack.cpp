// Tensors from and to DLPack (https://dmlc.github.io/dlpack): only the plain DLTensor struct, declared here by its
// published layout, so that no header of another project is needed.
#include "api/guard.h"
#include "core/tensor.h"

#include <algorithm>
#include <cstdint>

extern "C" {

struct DLDevice {
    int32_t device_type;
    int32_t device_id;
};

struct DLDataType {
    uint8_t code;
    uint8_t bits;
    uint16_t lanes;
};

struct DLTensor {
    void* data;
    DLDevice device;
    int32_t ndim;
    DLDataType dtype;
    int64_t* shape;
    int64_t* strides;
    uint64_t byte_offset;
};
}

namespace lposs {
namespace {

enum DeviceType : int32_t { dl_cpu = 1, dl_cuda = 2, dl_cuda_host = 3 };
enum TypeCode : uint8_t { dl_int = 0, dl_uint = 1, dl_float = 2 };

struct DtypePair {
    lposs_dtype ours;
    DLDataType theirs;
};
constexpr DtypePair dtypes[] = {
    {LPOSS_FLOAT32, {dl_float, 32, 1}}, {LPOSS_UINT8, {dl_uint, 8, 1}}, {LPOSS_UINT16, {dl_uint, 16, 1}},
    {LPOSS_INT32, {dl_int, 32, 1}},     {LPOSS_INT64, {dl_int, 64, 1}},
};

lposs_dtype from_dlpack(const DLDataType& type) {
    for (const DtypePair& pair : dtypes)
        if (type.code == pair.theirs.code && type.bits == pair.theirs.bits && type.lanes == 1) return pair.ours;
    fail(LPOSS_ERROR_UNSUPPORTED,
         "source: its type is code %u with %u bits and %u lanes; it may be float32, uint8, uint16, int32 or "
         "int64",
         type.code, type.bits, type.lanes);
}

void check_contiguous(const DLTensor& source) {
    if (!source.strides || std::find(source.shape, source.shape + source.ndim, 0) != source.shape + source.ndim) return;
    int64_t expected = 1;
    for (int32_t i = source.ndim; i-- > 0;) {
        if (source.shape[i] != 1 && source.strides[i] != expected)
            fail(LPOSS_ERROR_UNSUPPORTED,
                 "source: its stride %d is %lld elements; a contiguous row-major tensor has %lld there", i,
                 static_cast<long long>(source.strides[i]), static_cast<long long>(expected));
        expected *= source.shape[i];
    }
}

} // namespace
} // namespace lposs

using namespace lposs;

extern "C" {

LPOSS_API lposs_status lposs_tensor_from_dlpack(const struct DLTensor* source, lposs_tensor* tensor) {
    return guard([&] {
        if (!source || !tensor) fail(LPOSS_ERROR_INVALID_ARGUMENT, "%s: is NULL", source ? "tensor" : "source");
        if (source->ndim < 1 || source->ndim > 4 || !source->shape)
            fail(LPOSS_ERROR_UNSUPPORTED, "source: has %d dimensions; it may have 1 to 4", source->ndim);
        const int32_t kind = source->device.device_type;
        if (kind != dl_cpu && kind != dl_cuda && kind != dl_cuda_host)
            fail(LPOSS_ERROR_UNSUPPORTED,
                 "source: lies on DLPack device type %d; it may be 1 (CPU), 2 (CUDA) or 3 "
                 "(CUDA host)",
                 kind);
        lposs_tensor view;
        lposs_tensor_init(&view);
        view.dtype = from_dlpack(source->dtype);
        view.memory = kind == dl_cuda ? LPOSS_MEMORY_CUDA : LPOSS_MEMORY_HOST;
        view.ndim = source->ndim;
        for (int32_t i = 0; i < source->ndim; ++i) view.shape[i] = source->shape[i];
        const auto address = reinterpret_cast<uintptr_t>(source->data);
        if (source->byte_offset != 0 && (!source->data || source->byte_offset > UINTPTR_MAX - address))
            fail(LPOSS_ERROR_INVALID_ARGUMENT, "source: its byte_offset is %llu, but its data is %s",
                 static_cast<unsigned long long>(source->byte_offset),
                 source->data ? "at an address beyond which there are fewer bytes" : "NULL");
        view.data = reinterpret_cast<void*>(address + source->byte_offset);
        check_any_tensor(view, "source");
        check_contiguous(*source);
        *tensor = view;
    });
}

LPOSS_API lposs_status lposs_tensor_to_dlpack(lposs_tensor* tensor, int32_t device_index, struct DLTensor* target) {
    return guard([&] {
        check_any_tensor(check_struct(tensor, "tensor"), "tensor");
        if (!target) fail(LPOSS_ERROR_INVALID_ARGUMENT, "target: is NULL");
        const bool on_cuda = tensor->memory == LPOSS_MEMORY_CUDA;
        DLDataType type{};
        for (const DtypePair& pair : dtypes)
            if (pair.ours == tensor->dtype) type = pair.theirs;
        *target = {tensor->data,
                   {on_cuda ? dl_cuda : dl_cpu, on_cuda ? device_index : 0},
                   tensor->ndim,
                   type,
                   tensor->shape,
                   nullptr,
                   0};
    });
}

} // extern "C"
