# LPOSS_WARNINGS: what GCC and Clang are asked to say, errors where LPOSS_WERROR is on. Other compilers say what they do
# by default. lposs_warnings(target) applies them, and sanitizers where asked for.
set(LPOSS_WARNINGS "")
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    set(LPOSS_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
    if(LPOSS_WERROR)
        list(APPEND LPOSS_WARNINGS -Werror)
    endif()
endif()

function(lposs_warnings target)
    target_compile_options(${target} PRIVATE ${LPOSS_WARNINGS})
    if(LPOSS_SANITIZE)
        list(JOIN LPOSS_SANITIZE "," sanitizers)
        target_compile_options(${target} PRIVATE -fsanitize=${sanitizers} -fno-omit-frame-pointer
            -fno-sanitize-recover=all)
        target_link_options(${target} PRIVATE -fsanitize=${sanitizers})
    endif()
endfunction()
