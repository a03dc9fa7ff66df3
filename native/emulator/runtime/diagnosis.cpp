#include "emulator/runtime/diagnosis.h"

#include "emulator/runtime/block.h"

#include <cstdarg>
#include <cstdio>
#include <dlfcn.h>

namespace emulator {

static const char* file_name(const char* path) {
    const char* const slash = std::strrchr(path, '/');
    return slash ? slash + 1 : path;
}

Text format(const char* pattern, ...) {
    Text text;
    va_list arguments;
    va_start(arguments, pattern);
    std::vsnprintf(text.chars, sizeof text.chars, pattern, arguments);
    va_end(arguments);
    return text;
}

Text describe(Site site) { return format("%s:%d", file_name(site.file), site.line); }
Text describe(uint3 index) { return format("(%u,%u,%u)", index.x, index.y, index.z); }

Text describe_code(const void* pc) {
    Dl_info library;
    if (!dladdr(pc, &library) || !library.dli_fbase) return format("unknown code %p", pc);
    const auto offset =
        static_cast<unsigned long>(static_cast<const char*>(pc) - static_cast<const char*>(library.dli_fbase));
    char command[4096], line[1024] = "";
    const int length =
        std::snprintf(command, sizeof command, "addr2line -ie '%s' 0x%lx 2>/dev/null", library.dli_fname, offset - 1);
    if (length > 0 && length < int(sizeof command)) {
        if (FILE* const pipe = popen(command, "r")) {
            // Inlined calls, the innermost first: the kernel's line, not that of an intrinsic in our headers.
            while (std::fgets(line, sizeof line, pipe) && std::strstr(line, "/emulator/device_")) continue;
            pclose(pipe);
        }
    }
    line[std::strcspn(line, " \n")] = 0; // drops "(discriminator 3)" too
    if (!line[0] || line[0] == '?') return format("%s+0x%lx", file_name(library.dli_fname), offset);
    return format("%s", file_name(line));
}

void fail(cudaError_t code, const char* pattern, ...) {
    Text text;
    va_list arguments;
    va_start(arguments, pattern);
    std::vsnprintf(text.chars, sizeof text.chars, pattern, arguments);
    va_end(arguments);
    // Piece by piece into a string that stays, since nothing here would be freed.
    const LaunchRequest& request = *running->request;
    std::string& whole = running->failure.text;
    running->failure.code = code;
    whole = text.c_str();
    whole.append("\n  in kernel ").append(request.name);
    whole.append(" launched at ").append(describe(request.site).c_str());
    whole.append(", block ").append(describe(blockIdx).c_str());
    whole.append(", thread ").append(describe(threadIdx).c_str());
    leave_block();
}

} // namespace emulator
