// What a refusal must be: its status, and a text that names the argument and says what is wrong.
#pragma once

#include "lposs/lposs.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

/// The status is `expected`, and the text holds each of `words`: the argument's name first.
testing::AssertionResult refused(lposs_status status, lposs_status expected, std::initializer_list<std::string> words);
