// Emulated libraries in a process that has an emulator of its own, and another flavour's beside it.
#include "emulator/control.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <string>

namespace {

class Library {
public:
    explicit Library(const char* path) : handle_(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
        EXPECT_NE(handle_, nullptr) << dlerror();
    }
    ~Library() { dlclose(handle_); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    template <class Function>
    Function* find(const char* name) const {
        return reinterpret_cast<Function*>(dlsym(handle_, name));
    }
    std::string probe(int n, bool broken) const {
        char text[2000] = "";
        find<int(int, int, char*, std::size_t)>("probe")(n, broken, text, sizeof text);
        return text;
    }

private:
    void* handle_;
};

TEST(Library, RunsKernelsAndCountsThem) {
    const Library library(SELFTEST_LIBRARY);
    EXPECT_STREQ(library.find<const char*()>("emulator_flavour")(), emulator_flavour());
    const auto count = library.find<std::size_t()>("emulator_kernel_count");
    const auto name = library.find<const char*(std::size_t)>("emulator_kernel_name");
    const auto launches = library.find<std::uint64_t(std::size_t)>("emulator_kernel_launches");
    ASSERT_NE(count, nullptr);
    EXPECT_EQ(library.probe(20, false), "");
    EXPECT_EQ(library.probe(3, false), "");
    ASSERT_EQ(count(), 1u);
    EXPECT_STREQ(name(0), "matrix_product_kernel");
    EXPECT_EQ(launches(0), 2u);
    EXPECT_EQ(library.find<std::size_t()>("emulator_live_allocations")(), 0u);
    EXPECT_EQ(dlsym(RTLD_DEFAULT, "probe"), nullptr);
}

#ifdef SELFTEST_OTHER_LIBRARY

TEST(Library, TwoFlavoursInOneProcess) {
    const Library mine(SELFTEST_LIBRARY), other(SELFTEST_OTHER_LIBRARY);
    for (const Library* library : {&mine, &other, &mine}) {
        const bool check = std::string(library->find<const char*()>("emulator_flavour")()) == "check";
        EXPECT_EQ(library->probe(20, false), "");
        const std::string error = library->probe(45, true);
        EXPECT_EQ(error.find(check ? "cudaErrorIllegalAddress: out of bounds write of 4 bytes at matrix_product.cu:"
                                   : "cudaErrorIllegalAddress: invalid memory access at matrix_product.cu:"),
                  0u)
            << error;
        EXPECT_NE(error.find("in kernel (matrix_product_kernel<tile, bug>) launched at matrix_product.cu:"),
                  std::string::npos)
            << error;
    }
}

#endif

} // namespace
