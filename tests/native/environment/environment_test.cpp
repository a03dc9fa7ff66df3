// What the environment decides is decided once for a process, so each test here asks in a child of its own,
// and no test makes a context in this process.
#include "lposs/lposs.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// What a child that sets one variable says about making a context: "status: text" or "backend".
std::string context_in_child(const char* variable, const char* value, lposs_device device) {
    int ends[2];
    if (pipe(ends) != 0) return "no pipe";
    const pid_t child = fork();
    if (child == 0) {
        setenv(variable, value, 1);
        lposs_context_options options;
        lposs_context_options_init(&options);
        options.device = device;
        options.thread_count = 1;
        lposs_context* context = nullptr;
        const lposs_status status = lposs_context_create(&options, &context);
        std::string answer = std::string(lposs_status_name(status)) + ": " + lposs_last_error();
        if (status == LPOSS_OK) {
            lposs_context_info info{};
            info.size = sizeof info;
            lposs_context_get_info(context, &info);
            answer = info.backend;
        } else if (context) {
            answer = "a failure left a context";
        }
        const bool written =
            write(ends[1], answer.data(), answer.size()) == static_cast<ssize_t>(answer.size());
        _exit(written ? 0 : 1);
    }
    close(ends[1]);
    std::string answer;
    char part[512];
    for (ssize_t got = 0; (got = read(ends[0], part, sizeof part)) > 0;)
        answer.append(part, static_cast<size_t>(got));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? answer : "the child died";
}

TEST(InstructionSet, AnUnknownNameIsRefused) {
    const std::string answer = context_in_child("LPOSS_ISA", "mmx", LPOSS_DEVICE_CPU);
    EXPECT_EQ(answer.rfind("LPOSS_ERROR_INVALID_ARGUMENT: LPOSS_ISA: 'mmx'", 0), 0U) << answer;
    EXPECT_NE(answer.find("avx512, avx2, portable"), std::string::npos) << answer;
}

TEST(InstructionSet, IsWhatWasAskedFor) {
    EXPECT_EQ(context_in_child("LPOSS_ISA", "portable", LPOSS_DEVICE_CPU), "cpu portable");
    const std::string avx2 = context_in_child("LPOSS_ISA", "avx2", LPOSS_DEVICE_CPU);
    EXPECT_TRUE(avx2 == "cpu avx2" || avx2.rfind("LPOSS_ERROR_UNSUPPORTED: LPOSS_ISA", 0) == 0) << avx2;
}

TEST(InstructionSet, WithoutAWishItIsTheWidest) {
    const std::string answer = context_in_child("LPOSS_ISA", "", LPOSS_DEVICE_CPU);
    EXPECT_EQ(answer.rfind("cpu ", 0), 0U) << answer;
}

TEST(CudaLibrary, IsNamedWhereItIsMissing) {
    const std::string answer =
        context_in_child("LPOSS_CUDA_LIBRARY", "/nowhere/liblposs_cuda.so", LPOSS_DEVICE_CUDA);
    EXPECT_EQ(answer.rfind("LPOSS_ERROR_BACKEND_UNAVAILABLE: ", 0), 0U) << answer;
    EXPECT_NE(answer.find("/nowhere/liblposs_cuda.so"), std::string::npos) << answer;
    EXPECT_NE(answer.find("LPOSS_CUDA_LIBRARY"), std::string::npos) << answer;
}

TEST(CudaLibrary, ALibraryThatIsNoBackendIsRefused) {
    const std::string answer = context_in_child("LPOSS_CUDA_LIBRARY", "libm.so.6", LPOSS_DEVICE_CUDA);
    EXPECT_EQ(answer.rfind("LPOSS_ERROR_BACKEND_UNAVAILABLE: libm.so.6", 0), 0U) << answer;
}

} // namespace
