// A user's program in C++ with exceptions, threads and a standard library of its own beside the core's.
#include <lposs/lposs.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

struct Destroy {
    void operator()(lposs_context* context) const { lposs_context_destroy(context); }
};

std::unique_ptr<lposs_context, Destroy> make_context() {
    lposs_context* context = nullptr;
    if (lposs_context_create(nullptr, &context) != LPOSS_OK) throw std::runtime_error(lposs_last_error());
    return std::unique_ptr<lposs_context, Destroy>(context);
}

void tell(std::vector<uint8_t>& colour, std::vector<float>& lab) {
    lposs_tensor image, output;
    lposs_tensor_init(&image);
    lposs_tensor_init(&output);
    image.dtype = LPOSS_UINT8;
    image.data = colour.data();
    output.dtype = LPOSS_FLOAT32;
    output.data = lab.data();
    for (lposs_tensor* tensor : {&image, &output}) {
        tensor->ndim = 3;
        tensor->shape[0] = tensor->shape[1] = 1;
        tensor->shape[2] = 3;
    }
    if (lposs_image_convert_to_lab(make_context().get(), &image, &output) != LPOSS_OK)
        throw std::runtime_error(lposs_last_error());
}

} // namespace

int main() {
    std::vector<uint8_t> white(3, 255);
    std::vector<float> lab(3);
    std::thread(tell, std::ref(white), std::ref(lab)).join();
    std::cout << "lposs " << lposs_version_string() << ": white has lightness " << static_cast<int>(lab[0] + 0.5F)
              << "\n";
}
