#include "expect_caught.h"

#include "emulator/control.h"

#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <regex>
#include <stdexcept>
#include <string>

namespace selftest {

/// The text of the error, "" if there was none.
static std::string error_of(const std::function<void()>& run) {
    try {
        run();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

static bool matches(const std::string& text, const char* pattern) {
    return std::regex_search(text, std::regex(pattern, std::regex::extended));
}

static void expect_end_of_process(const std::function<void()>& run, const char* pattern) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto report = [&run] {
        std::fprintf(stderr, "error: %s.\n", error_of(run).c_str());
        std::exit(1);
    };
    EXPECT_EXIT(report(), testing::ExitedWithCode(1), pattern ? pattern : "error: \\.");
}

void expect_caught(const std::function<void()>& run, const Verdicts& verdicts) {
    const std::string flavour = emulator_flavour();
    if (flavour == "asan") return expect_end_of_process(run, verdicts.asan);
    const char* const pattern = flavour == "plain" ? verdicts.plain : verdicts.check;
    int caught = 0;
    for (const char* const order : {"forward", "reverse", "random:1", "random:2"}) {
        ASSERT_EQ(emulator_set_order(order), 0);
        const std::string error = error_of(run);
        if (!pattern) {
            EXPECT_EQ(error, "") << order;
        } else if (flavour == "check" || !error.empty()) {
            EXPECT_TRUE(matches(error, pattern)) << order << ": " << error;
            ++caught;
        }
    }
    EXPECT_EQ(caught > 0, pattern != nullptr);
}

} // namespace selftest
