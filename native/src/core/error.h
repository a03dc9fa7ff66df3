// Failures inside the core: an exception with a status and a text, turned into a status at the border (guard.h).
#pragma once

#include "lposs/lposs.h"

#include <cstdio>
#include <exception>
#include <string>

/// What the compiler checks formats by. MinGW's own printf is C99's, which its plain "printf" does not say.
#ifdef __MINGW_PRINTF_FORMAT
#define LPOSS_PRINTF __MINGW_PRINTF_FORMAT
#else
#define LPOSS_PRINTF printf
#endif

namespace lposs {

class Error : public std::exception {
public:
    Error(lposs_status status, std::string text) : status_(status), text_(std::move(text)) {}

    lposs_status status() const noexcept { return status_; }
    const char* what() const noexcept override { return text_.c_str(); }

private:
    lposs_status status_;
    std::string text_;
};

/// Throws an Error; the text is made as by printf. It names the argument, what it was and what it may be.
[[noreturn]] void fail(lposs_status status, const char* format, ...) __attribute__((format(LPOSS_PRINTF, 2, 3)));

} // namespace lposs
