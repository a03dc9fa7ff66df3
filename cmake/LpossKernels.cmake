# LPOSS_ISAS: the instruction sets of this architecture, widest first, as in cpu/runtime/instruction_sets.h.
# lposs_kernels(target files...): compiles each file of cpu/kernels once for each of them (see kernels/simd.h) and adds
# the objects to the target.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set(LPOSS_ISAS avx512 avx2 portable)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64|ARM64")
    set(LPOSS_ISAS neon)
else()
    set(LPOSS_ISAS portable)
endif()

function(lposs_kernels target)
    # NEON is part of every 64-bit Arm processor. No SVE: its vectors are as wide as NEON's on all but a few processors.
    set(flags_neon "")
    set(flags_portable "")
    set(flags_avx2 -march=x86-64-v3)
    set(flags_avx512 -march=x86-64-v4 -mprefer-vector-width=512)
    if(MINGW AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # The stack of 64-bit Windows is aligned to 16 bytes. GCC does not align it further, but spills wider vectors to
        # it as if it were (GCC bug 54412). The assembler makes each of these moves an unaligned one. Debian's GCC is
        # patched to emit none; others are not.
        list(APPEND flags_avx2 -Wa,-muse-unaligned-vector-move)
        list(APPEND flags_avx512 -Wa,-muse-unaligned-vector-move)
    endif()
    foreach(isa IN LISTS LPOSS_ISAS)
        add_library(${target}_kernels_${isa} OBJECT ${ARGN})
        target_compile_definitions(${target}_kernels_${isa} PRIVATE LPOSS_ISA=${isa})
        target_compile_options(${target}_kernels_${isa} PRIVATE ${flags_${isa}} -ffp-contract=fast
            -fno-math-errno -fno-trapping-math -Wno-psabi)
        target_include_directories(${target}_kernels_${isa} PRIVATE ${PROJECT_SOURCE_DIR}/native/include
            ${PROJECT_SOURCE_DIR}/native/src)
        lposs_warnings(${target}_kernels_${isa})
        target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}_kernels_${isa}>)
    endforeach()
endfunction()
