// A child process that sets one environment variable and then asks for a context. One file for each kind of system:
// child_posix.cpp forks; child_windows.cpp starts this program anew with the arguments below.
#pragma once

#include "lposs/lposs.h"

#include <string>

/// What making a context says here and now: "status: text" or the backend's name.
std::string ask_for_context(lposs_device device);

/// The same, asked in the child.
std::string context_in_child(const char* variable, const char* value, lposs_device device);

/// The arguments that make this program print what ask_for_context() says and end: "--ask" and the device's number.
constexpr const char* ask_argument = "--ask";
