// What the environment decides is decided once for a process, so each test here asks in a child of its own, and no test
// makes a context in this process.
#include "environment/child.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

std::string ask_for_context(lposs_device device) {
    lposs_context_options options;
    lposs_context_options_init(&options);
    options.device = device;
    options.thread_count = 1;
    lposs_context* context = nullptr;
    const lposs_status status = lposs_context_create(&options, &context);
    if (status != LPOSS_OK && context) return "a failure left a context";
    if (status != LPOSS_OK) return std::string(lposs_status_name(status)) + ": " + lposs_last_error();
    lposs_context_info info;
    lposs_context_info_init(&info);
    lposs_context_get_info(context, &info);
    const std::string backend = info.backend;
    lposs_context_destroy(context);
    return backend;
}

namespace {

// Of this architecture, widest first; every processor has the last one.
#if defined(__x86_64__)
constexpr const char* instruction_sets = "avx512, avx2, portable";
constexpr const char *common_set = "portable", *optional_set = "avx2";
#elif defined(__aarch64__)
constexpr const char* instruction_sets = "neon";
constexpr const char *common_set = "neon", *optional_set = "neon";
#else
constexpr const char* instruction_sets = "portable";
constexpr const char *common_set = "portable", *optional_set = "portable";
#endif

#ifdef _WIN32
constexpr const char* missing_library = "C:\\nowhere\\lposs_cuda.dll";
constexpr const char* other_library = "kernel32.dll"; // there on every machine, and no backend
#else
constexpr const char* missing_library = "/nowhere/liblposs_cuda.so";
constexpr const char* other_library = "libm.so.6";
#endif

TEST(InstructionSet, AnUnknownNameIsRefused) {
    const std::string answer = context_in_child("LPOSS_ISA", "mmx", LPOSS_DEVICE_CPU);
    EXPECT_EQ(answer.rfind("LPOSS_ERROR_INVALID_ARGUMENT: LPOSS_ISA: 'mmx'", 0), 0U) << answer;
    EXPECT_NE(answer.find(std::string("is not one of ") + instruction_sets), std::string::npos) << answer;
}

TEST(InstructionSet, IsWhatWasAskedFor) {
    EXPECT_EQ(context_in_child("LPOSS_ISA", common_set, LPOSS_DEVICE_CPU), std::string("cpu ") + common_set);
    const std::string answer = context_in_child("LPOSS_ISA", optional_set, LPOSS_DEVICE_CPU);
    EXPECT_TRUE(answer == std::string("cpu ") + optional_set ||
                answer.rfind("LPOSS_ERROR_UNSUPPORTED: LPOSS_ISA", 0) == 0)
        << answer;
}

TEST(InstructionSet, WithoutAWishItIsTheWidest) {
    const std::string answer = context_in_child("LPOSS_ISA", "", LPOSS_DEVICE_CPU);
    EXPECT_EQ(answer.rfind("cpu ", 0), 0U) << answer;
}

#ifdef LPOSS_STATIC

TEST(CudaLibrary, IsNotLoadedByTheStaticLibrary) {
    const std::string answer = context_in_child("LPOSS_CUDA_LIBRARY", "liblposs_cuda.so", LPOSS_DEVICE_CUDA);
    EXPECT_EQ(answer.rfind("LPOSS_ERROR_BACKEND_UNAVAILABLE: CUDA: this is the static library", 0), 0U) << answer;
}

#else

TEST(CudaLibrary, IsNamedWhereItIsMissing) {
    const std::string answer = context_in_child("LPOSS_CUDA_LIBRARY", missing_library, LPOSS_DEVICE_CUDA);
    EXPECT_EQ(answer.rfind("LPOSS_ERROR_BACKEND_UNAVAILABLE: ", 0), 0U) << answer;
    EXPECT_NE(answer.find(missing_library), std::string::npos) << answer;
    EXPECT_NE(answer.find("LPOSS_CUDA_LIBRARY"), std::string::npos) << answer;
}

TEST(CudaLibrary, ALibraryThatIsNoBackendIsRefused) {
    const std::string answer = context_in_child("LPOSS_CUDA_LIBRARY", other_library, LPOSS_DEVICE_CUDA);
    EXPECT_EQ(answer.rfind(std::string("LPOSS_ERROR_BACKEND_UNAVAILABLE: ") + other_library, 0), 0U) << answer;
}

#endif

} // namespace

int main(int argc, char** argv) {
    if (argc == 3 && std::string(argv[1]) == ask_argument)
        return std::fputs(ask_for_context(std::atoi(argv[2])).c_str(), stdout) < 0;
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
