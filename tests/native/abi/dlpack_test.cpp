// DLPack's tensor as its specification lays it out, declared here: callers bring their own declaration too.
#include "harness/device.h"
#include "harness/refusal.h"
#include "harness/tensors.h"

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
static_assert(sizeof(DLTensor) == 48 && offsetof(DLTensor, shape) == 24);

namespace {

struct Dlpack : testing::Test {
    float values[24] = {};
    int64_t shape[3] = {2, 3, 4};
    DLTensor source{values, {1, 0}, 3, {2, 32, 1}, shape, nullptr, 0};
    lposs_tensor tensor{};
};

TEST_F(Dlpack, AViewHasTheSameShapeAndMemory) {
    ASSERT_TRUE(succeeded(lposs_tensor_from_dlpack(&source, &tensor)));
    EXPECT_EQ(tensor.struct_size, sizeof tensor);
    EXPECT_EQ(tensor.dtype, LPOSS_FLOAT32);
    EXPECT_EQ(tensor.memory, LPOSS_MEMORY_HOST);
    EXPECT_EQ(tensor.ndim, 3);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(tensor.shape[i], shape[i]);
    EXPECT_EQ(tensor.data, values);
}

TEST_F(Dlpack, AByteOffsetIsAdded) {
    source.byte_offset = 16;
    shape[0] = 1;
    ASSERT_TRUE(succeeded(lposs_tensor_from_dlpack(&source, &tensor)));
    EXPECT_EQ(tensor.data, values + 4);
}

TEST_F(Dlpack, StridesOfAContiguousTensorAreTaken) {
    int64_t strides[3] = {12, 4, 1};
    source.strides = strides;
    EXPECT_TRUE(succeeded(lposs_tensor_from_dlpack(&source, &tensor)));
    shape[1] = 1; // the stride of a dimension of one element means nothing
    strides[0] = 4;
    strides[1] = 999;
    EXPECT_TRUE(succeeded(lposs_tensor_from_dlpack(&source, &tensor)));
}

TEST_F(Dlpack, StridesOfAnEmptyTensorSayNothing) {
    int64_t sizes[3] = {0, INT64_MAX, INT64_MAX}, strides[3] = {7, 7, 7};
    source.shape = sizes;
    source.strides = strides;
    source.ndim = 3;
    ASSERT_TRUE(succeeded(lposs_tensor_from_dlpack(&source, &tensor)));
    EXPECT_EQ(tensor.shape[1], INT64_MAX);
}

TEST_F(Dlpack, AnOffsetWithoutDataIsNoAddress) {
    source.byte_offset = UINT64_MAX - 3;
    EXPECT_TRUE(refused(lposs_tensor_from_dlpack(&source, &tensor), LPOSS_ERROR_INVALID_ARGUMENT,
                        {"source", "byte_offset", "fewer bytes"}));
    source.data = nullptr;
    for (const uint64_t offset : {uint64_t{64}, UINT64_MAX}) {
        source.byte_offset = offset;
        EXPECT_TRUE(refused(lposs_tensor_from_dlpack(&source, &tensor), LPOSS_ERROR_INVALID_ARGUMENT,
                            {"source", "byte_offset", "NULL"}));
    }
}

TEST_F(Dlpack, EveryDtypeGoesThereAndBack) {
    for (const lposs_dtype dtype : {LPOSS_FLOAT32, LPOSS_UINT8, LPOSS_UINT16, LPOSS_INT32, LPOSS_INT64})
        for (const lposs_memory memory : {LPOSS_MEMORY_HOST, LPOSS_MEMORY_CUDA}) {
            int64_t numbers[4] = {1, 2, 3, 4};
            lposs_tensor there = tensor_of(dtype, memory, {2, 2}, numbers), back;
            DLTensor middle{};
            ASSERT_TRUE(succeeded(lposs_tensor_to_dlpack(&there, 3, &middle)));
            EXPECT_EQ(middle.device.device_type, memory == LPOSS_MEMORY_CUDA ? 2 : 1);
            EXPECT_EQ(middle.device.device_id, memory == LPOSS_MEMORY_CUDA ? 3 : 0);
            EXPECT_EQ(middle.strides, nullptr);
            EXPECT_EQ(middle.byte_offset, 0U);
            EXPECT_EQ(middle.shape, there.shape);
            ASSERT_TRUE(succeeded(lposs_tensor_from_dlpack(&middle, &back)));
            EXPECT_EQ(back.dtype, dtype);
            EXPECT_EQ(back.memory, memory);
            EXPECT_EQ(back.data, numbers);
        }
}

TEST_F(Dlpack, PinnedHostMemoryIsHostMemory) {
    source.device.device_type = 3;
    ASSERT_TRUE(succeeded(lposs_tensor_from_dlpack(&source, &tensor)));
    EXPECT_EQ(tensor.memory, LPOSS_MEMORY_HOST);
}

TEST_F(Dlpack, RefusesWhatItCannotView) {
    const auto refused_with = [&](const char* word, auto change) {
        DLTensor changed = source;
        change(changed);
        return refused(lposs_tensor_from_dlpack(&changed, &tensor), LPOSS_ERROR_UNSUPPORTED, {"source", word});
    };
    int64_t transposed[3] = {1, 2, 6};
    EXPECT_TRUE(refused_with("stride", [&](DLTensor& t) { t.strides = transposed; }));
    EXPECT_TRUE(refused_with("0 dimensions", [](DLTensor& t) { t.ndim = 0; }));
    EXPECT_TRUE(refused_with("5 dimensions", [](DLTensor& t) { t.ndim = 5; }));
    EXPECT_TRUE(refused_with("64 bits", [](DLTensor& t) { t.dtype = {2, 64, 1}; }));
    EXPECT_TRUE(refused_with("lanes", [](DLTensor& t) { t.dtype.lanes = 4; }));
    EXPECT_TRUE(refused_with("type 8", [](DLTensor& t) { t.device.device_type = 8; }));
    EXPECT_TRUE(refused(lposs_tensor_from_dlpack(nullptr, &tensor), LPOSS_ERROR_INVALID_ARGUMENT, {"source"}));
    EXPECT_TRUE(refused(lposs_tensor_from_dlpack(&source, nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"tensor"}));
    shape[1] = -3;
    EXPECT_TRUE(refused(lposs_tensor_from_dlpack(&source, &tensor), LPOSS_ERROR_INVALID_ARGUMENT, {"source"}));
    shape[1] = 3;
    source.data = nullptr;
    EXPECT_TRUE(refused(lposs_tensor_from_dlpack(&source, &tensor), LPOSS_ERROR_INVALID_ARGUMENT, {"source", "NULL"}));
    tensor = tensor_of(LPOSS_FLOAT32, LPOSS_MEMORY_HOST, {2}, values);
    EXPECT_TRUE(refused(lposs_tensor_to_dlpack(&tensor, 0, nullptr), LPOSS_ERROR_INVALID_ARGUMENT, {"target"}));
    EXPECT_TRUE(refused(lposs_tensor_to_dlpack(nullptr, 0, &source), LPOSS_ERROR_INVALID_ARGUMENT, {"tensor"}));
}

} // namespace
