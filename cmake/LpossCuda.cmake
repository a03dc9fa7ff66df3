# LPOSS_CUDA_FOUND: is there what the CUDA backend is compiled with? As LPOSS_CUDA says: `auto` takes nvcc
# where it works and says why where it does not, `on` stops without them, `off` does not look.
include(CheckLanguage)

function(lposs_find_cuda)
    set(LPOSS_CUDA_FOUND OFF PARENT_SCOPE)
    if(NOT LPOSS_CUDA MATCHES "^(auto|on|off|AUTO|ON|OFF)$")
        message(FATAL_ERROR "LPOSS_CUDA is '${LPOSS_CUDA}'; it may be auto, on or off")
    endif()
    if(LPOSS_CUDA MATCHES "^(off|OFF)$")
        return()
    endif()
    if(NOT BUILD_SHARED_LIBS)
        if(LPOSS_CUDA MATCHES "^(on|ON)$")
            message(FATAL_ERROR "LPOSS_CUDA is on, but a static library has the CPU backend alone; "
                "leave BUILD_SHARED_LIBS on, or LPOSS_CUDA off")
        endif()
        return()
    endif()
    set(severity STATUS)
    if(LPOSS_CUDA MATCHES "^(on|ON)$")
        set(severity FATAL_ERROR)
    endif()

    if(NOT CMAKE_CUDA_COMPILER)
        unset(CMAKE_CUDA_COMPILER CACHE) # an earlier look found none; it may be there by now
        file(GLOB toolkits /usr/local/cuda/bin /usr/local/cuda-*/bin /opt/cuda/bin)
        list(SORT toolkits COMPARE NATURAL ORDER DESCENDING)
        find_program(LPOSS_NVCC nvcc HINTS ${toolkits} DOC "The CUDA compiler, where CUDACXX does not name one")
        if(LPOSS_NVCC AND NOT DEFINED ENV{CUDACXX})
            set(ENV{CUDACXX} ${LPOSS_NVCC})
        endif()
    endif()
    check_language(CUDA)
    if(NOT CMAKE_CUDA_COMPILER)
        message(${severity} "CUDA backend: there is no nvcc that works (set CUDACXX to it, and CUDAHOSTCXX to a host "
            "compiler that it accepts; Debian: nvidia-cuda-toolkit, g++-11)")
        return()
    endif()
    find_package(CUDAToolkit 11.8 QUIET)
    if(NOT TARGET CUDA::cudart_static)
        message(${severity} "CUDA backend: ${CMAKE_CUDA_COMPILER} comes without the static runtime, or is "
            "older than 11.8 (found: '${CUDAToolkit_VERSION}')")
        return()
    endif()
    message(STATUS "CUDA backend: ${CMAKE_CUDA_COMPILER}, CUDA ${CUDAToolkit_VERSION}")
    set(LPOSS_CUDA_FOUND ON PARENT_SCOPE)
endfunction()

# Machine code for A100 and H100, PTX for what comes after.
set(LPOSS_CUDA_ARCHITECTURES "80-real;90-real;90-virtual" CACHE STRING "Chips that the CUDA backend is compiled for")

lposs_find_cuda()
