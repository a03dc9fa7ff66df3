# lposs_kernels(target files...): compiles each file of cpu/kernels once per instruction set (see kernels/simd.h) and
# adds the objects to the target.
function(lposs_kernels target)
    set(isas portable)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
        list(APPEND isas avx2 avx512)
    endif()
    set(flags_portable "")
    set(flags_avx2 -march=x86-64-v3)
    set(flags_avx512 -march=x86-64-v4 -mprefer-vector-width=512)
    foreach(isa IN LISTS isas)
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
