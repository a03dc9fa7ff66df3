// What a planted error must lead to.
#pragma once

#include <functional>

namespace selftest {

/// What each flavour says, as an extended regular expression. nullptr: that flavour cannot see it.
struct Verdicts {
    const char *plain, *asan, *check;
};

/// Runs a case in the flavour of this program. check must catch it in every thread order, plain in at least one; asan,
/// which ends the process, in a process of its own.
void expect_caught(const std::function<void()>& run, const Verdicts& verdicts);

} // namespace selftest
