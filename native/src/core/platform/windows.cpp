#include "core/platform/platform.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cpuid.h>
#include <cstring>
#include <malloc.h>
#include <thread>

#define WIN32_LEAN_AND_MEAN // NOMINMAX is set by libstdc++
#include <windows.h>

namespace lposs::platform {
namespace {

std::string narrow(const std::wstring& text) {
    const int length = static_cast<int>(text.size());
    const int size = WideCharToMultiByte(CP_UTF8, 0, text.data(), length, nullptr, 0, nullptr, nullptr);
    std::string result(static_cast<size_t>(size), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text.data(), length, result.data(), size, nullptr, nullptr);
    return result;
}

std::wstring widen(const std::string& text) {
    const int length = static_cast<int>(text.size());
    const int size = MultiByteToWideChar(CP_UTF8, 0, text.data(), length, nullptr, 0);
    std::wstring result(static_cast<size_t>(size), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), length, result.data(), size);
    return result;
}

/// The system's text for an error, without the end of line that it comes with.
std::string error_text(DWORD error) {
    wchar_t text[512];
    const DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, error, 0,
                                        text, static_cast<DWORD>(std::size(text)), nullptr);
    std::wstring sentence(text, length);
    while (!sentence.empty() && sentence.back() <= L' ') sentence.pop_back();
    return sentence.empty() ? "error " + std::to_string(error) : narrow(sentence);
}

} // namespace

int usable_processors() {
    DWORD_PTR ours = 0, all = 0;
    // The mask is 0 for a process that runs in several groups of 64 processors.
    if (GetProcessAffinityMask(GetCurrentProcess(), &ours, &all) && ours != 0) return std::popcount(ours);
    return std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
}

std::string processor_name() {
    constexpr unsigned first = 0x80000002U, last = 0x80000004U;
    std::array<char, 49> name{};
    char* to = name.data();
    for (unsigned leaf = first; leaf <= last; ++leaf, to += 16) {
        std::array<unsigned, 4> part{};
        if (!__get_cpuid(leaf, &part[0], &part[1], &part[2], &part[3])) return "unknown processor";
        std::memcpy(to, part.data(), sizeof part);
    }
    const std::string padded = name.data();
    const size_t begin = padded.find_first_not_of(' ');
    if (begin == std::string::npos) return "unknown processor";
    return padded.substr(begin, padded.find_last_not_of(' ') + 1 - begin);
}

void* allocate_memory(size_t alignment, size_t bytes) noexcept {
    return _aligned_malloc(bytes, alignment);
}

void release_memory(void* pointer) noexcept {
    _aligned_free(pointer);
}

// Large pages are for accounts with a privilege of their own, and only for memory that was asked for as such.
void prefer_huge_pages(void*, size_t) noexcept {}

std::string environment_path(const char* variable) {
    const std::wstring name = widen(variable);
    DWORD size = GetEnvironmentVariableW(name.c_str(), nullptr, 0); // with the zero at the end
    if (size == 0) return "";
    std::wstring value(size, L'\0');
    value.resize(GetEnvironmentVariableW(name.c_str(), value.data(), size)); // without
    return narrow(value);
}

std::string library_file(const std::string& name) {
    return name + ".dll";
}

std::string own_folder() {
    HMODULE self = nullptr;
    constexpr DWORD flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    if (!GetModuleHandleExW(flags, reinterpret_cast<LPCWSTR>(&own_folder), &self)) return "";
    std::wstring path(MAX_PATH, L'\0');
    DWORD length = GetModuleFileNameW(self, path.data(), static_cast<DWORD>(path.size()));
    while (length == path.size()) { // it was cut
        path.resize(2 * path.size());
        length = GetModuleFileNameW(self, path.data(), static_cast<DWORD>(path.size()));
    }
    path.resize(length);
    return narrow(path.substr(0, path.find_last_of(L"\\/") + 1)); // npos + 1 is 0
}

OpenedLibrary open_library(const std::string& path) {
    // What the library needs is looked for beside it, not beside the program; for a bare name there is no "beside".
    const DWORD flags = path.find_first_of("\\/") == std::string::npos ? 0 : LOAD_WITH_ALTERED_SEARCH_PATH;
    if (HMODULE handle = LoadLibraryExW(widen(path).c_str(), nullptr, flags))
        return {reinterpret_cast<void*>(handle), ""};
    return {nullptr, path + ": " + error_text(GetLastError())};
}

void* find_symbol(void* library, const char* symbol) noexcept {
    return reinterpret_cast<void*>(GetProcAddress(reinterpret_cast<HMODULE>(library), symbol));
}

} // namespace lposs::platform
