# cmake -DLIBRARY=liblposs_cuda.so -P kernel_resources.cmake
#
# Prints registers, shared memory and stack of every kernel per chip, as ptxas left them, and what the disassembly
# holds. Fails if a kernel has a stack or touches local memory (registers that did not fit, or arrays indexed at run
# time, both of them slow memory), or lacks an instruction that is meant to be there.
cmake_minimum_required(VERSION 3.25)
find_program(CUOBJDUMP cuobjdump HINTS ENV CUDA_PATH PATH_SUFFIXES bin REQUIRED)
find_program(CXXFILT NAMES cu++filt c++filt REQUIRED)
execute_process(COMMAND ${CUOBJDUMP} --dump-resource-usage ${LIBRARY} COMMAND ${CXXFILT}
    OUTPUT_VARIABLE report COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE "[][;]" " " report "${report}")
string(REGEX MATCHALL "[^\n]+" lines "${report}")

function(padded result text width)
    string(LENGTH "${text}" length)
    if(length LESS width)
        math(EXPR missing "${width} - ${length}")
        string(REPEAT " " ${missing} spaces)
    endif()
    set(${result} "${text}${spaces}" PARENT_SCOPE)
endfunction()

set(rows "")
set(spilled "")
foreach(line IN LISTS lines)
    if(line MATCHES "^arch = (.*)$")
        set(chip ${CMAKE_MATCH_1})
    elseif(line MATCHES "Function .*::([a-z0-9_]+_kernel)(<[^>]*>)?")
        set(kernel "${CMAKE_MATCH_1}${CMAKE_MATCH_2}")
    elseif(kernel AND line MATCHES "REG:([0-9]+) STACK:([0-9]+) SHARED:([0-9]+) LOCAL:([0-9]+)")
        set(registers ${CMAKE_MATCH_1})
        set(shared ${CMAKE_MATCH_3})
        math(EXPR stack "${CMAKE_MATCH_2} + ${CMAKE_MATCH_4}")
        padded(name "${kernel}" 44)
        padded(registers_text "${registers}" 10)
        padded(shared_text "${shared}" 15)
        list(APPEND rows "${chip}  ${name}${registers_text}${shared_text}${stack}")
        if(stack GREATER 0)
            list(APPEND spilled "${kernel} (${chip}, ${stack} bytes)")
        endif()
        set(kernel "")
    endif()
endforeach()
if(NOT rows)
    message(FATAL_ERROR "${LIBRARY}: no kernel was found in what cuobjdump says")
endif()
list(SORT rows)
message("chip   kernel                                      registers static shared  stack (bytes)")
foreach(row IN LISTS rows)
    message("${row}")
endforeach()
if(spilled)
    list(JOIN spilled ", " text)
    message(FATAL_ERROR "kernels with a stack: ${text}")
endif()
list(LENGTH rows count)
message("${count} kernels, none with a stack")

# What is meant: loads and stores of 16 bytes where vectors are float4s, roots and powers in one instruction, and
# multiply-adds. No kernel is meant to hold tensor instructions.
set(meant
    "stencil_step_kernel LOAD SHARED STORE SQRT EXP2 FMA"
    "stencil_pixels_kernel SHARED STORE SQRT EXP2"
    "dense_product_kernel LOAD SHARED STORE FMA"
    "matrix_product_kernel SHARED FMA"
    "sparse_product_kernel LOAD SHARED STORE FMA"
    "advance_kernel LOAD STORE FMA"
    "start_kernel STORE"
    "finish_kernel LOAD")
set(columns LOCAL LOAD SHARED STORE SQRT EXP2 FMA TENSOR)

execute_process(COMMAND ${CUOBJDUMP} --dump-sass ${LIBRARY} COMMAND ${CXXFILT}
    COMMAND awk -f ${CMAKE_CURRENT_LIST_DIR}/kernel_instructions.awk
    OUTPUT_VARIABLE report COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" lines "${report}")
list(SORT lines)
set(faults "")
set(found "")
message("\nchip   kernel                                      local  global 16 bytes  shared 16  stored 16  roots  "
    "powers  multiply-adds  tensor")
foreach(line IN LISTS lines)
    string(REPLACE " " ";" fields "${line}")
    list(POP_FRONT fields chip kernel)
    foreach(column IN LISTS columns)
        list(POP_FRONT fields ${column})
    endforeach()
    padded(name "${kernel}" 44)
    padded(local_text "${LOCAL}" 7)
    padded(load_text "${LOAD}" 17)
    padded(shared_text "${SHARED}" 11)
    padded(store_text "${STORE}" 11)
    padded(sqrt_text "${SQRT}" 7)
    padded(exp2_text "${EXP2}" 8)
    padded(fma_text "${FMA}" 15)
    message("${chip}  ${name}${local_text}${load_text}${shared_text}${store_text}${sqrt_text}${exp2_text}${fma_text}"
        "${TENSOR}")
    if(LOCAL GREATER 0)
        list(APPEND faults "${kernel} (${chip}) touches local memory")
    endif()
    foreach(entry IN LISTS meant)
        string(REPLACE " " ";" entry "${entry}")
        list(POP_FRONT entry stem)
        if(kernel MATCHES "^${stem}(<|$)")
            list(APPEND found ${stem})
            foreach(column IN LISTS entry)
                if(${column} EQUAL 0)
                    list(APPEND faults "${kernel} (${chip}) has no ${column} instruction")
                endif()
            endforeach()
        endif()
    endforeach()
endforeach()
foreach(entry IN LISTS meant)
    string(REGEX REPLACE " .*" "" stem "${entry}")
    if(NOT stem IN_LIST found)
        list(APPEND faults "${stem} is not in the disassembly")
    endif()
endforeach()
if(faults)
    list(JOIN faults ", " text)
    message(FATAL_ERROR "instructions: ${text}")
endif()
message("no kernel touches local memory, and each has the instructions that are meant")
