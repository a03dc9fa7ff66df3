#include "harness/tensors.h"

lposs_tensor tensor_of(lposs_dtype dtype, lposs_memory memory, const std::vector<int64_t>& shape, void* data) {
    lposs_tensor tensor;
    lposs_tensor_init(&tensor);
    tensor.dtype = dtype;
    tensor.memory = memory;
    tensor.ndim = static_cast<int32_t>(shape.size());
    for (size_t i = 0; i < shape.size(); ++i) tensor.shape[i] = shape[i];
    tensor.data = data;
    return tensor;
}

Block::Block(lposs_context* context, const TestDevice& device, const std::vector<unsigned char>& contents)
    : context_(context), device_(device), bytes_(static_cast<int64_t>(contents.size())), host_(contents) {
    if (!device.allocated) {
        data_ = host_.data();
        return;
    }
    void* pointer = nullptr;
    require(lposs_memory_allocate(context, bytes_, &pointer));
    data_ = static_cast<unsigned char*>(pointer);
    copy(host_.data(), LPOSS_MEMORY_HOST, data_, device.memory());
}

Block::~Block() {
    if (device_.allocated) lposs_memory_release(context_, data_, bytes_);
}

void Block::copy(unsigned char* from, lposs_memory from_memory, unsigned char* to, lposs_memory to_memory) const {
    const lposs_tensor source = tensor_of(LPOSS_UINT8, from_memory, {bytes_}, from);
    const lposs_tensor target = tensor_of(LPOSS_UINT8, to_memory, {bytes_}, to);
    require(lposs_tensor_copy(context_, &source, &target));
}

std::vector<unsigned char> Block::contents() const {
    std::vector<unsigned char> bytes(host_.size());
    if (device_.allocated)
        copy(data_, device_.memory(), bytes.data(), LPOSS_MEMORY_HOST);
    else
        bytes = host_;
    return bytes;
}
