#include "environment/child.h"

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

std::string context_in_child(const char* variable, const char* value, lposs_device device) {
    SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    HANDLE read_end = nullptr, write_end = nullptr;
    if (!CreatePipe(&read_end, &write_end, &inherited, 0)) return "no pipe";

    STARTUPINFOA startup{};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdOutput = write_end;
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    char program[MAX_PATH];
    GetModuleFileNameA(nullptr, program, sizeof program);
    std::string command = std::string("\"") + program + "\" " + ask_argument + " " + std::to_string(device);
    PROCESS_INFORMATION child{};
    SetEnvironmentVariableA(variable, value);
    const BOOL started =
        CreateProcessA(program, command.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &child);
    const DWORD error = started ? ERROR_SUCCESS : GetLastError();
    SetEnvironmentVariableA(variable, nullptr);
    CloseHandle(write_end);
    if (!started) return "no child: error " + std::to_string(error);

    std::string answer;
    char part[512];
    for (DWORD got = 0; ReadFile(read_end, part, sizeof part, &got, nullptr) && got > 0;) answer.append(part, got);
    CloseHandle(read_end);
    WaitForSingleObject(child.hProcess, INFINITE);
    DWORD status = 1;
    GetExitCodeProcess(child.hProcess, &status);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    return status == 0 ? answer : "the child died";
}
