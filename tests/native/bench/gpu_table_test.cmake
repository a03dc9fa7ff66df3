# cmake -DSCRIPT=native/bench/gpu_table.sh -P gpu_table_test.cmake
#
# The format of the table that gpu_check.sh ends with, from lines in the form that lposs_bench and gpu_peer.py print.
# Their numbers are made up, and round: no GPU has made them.
cmake_minimum_required(VERSION 3.25)
set(samples ${CMAKE_CURRENT_LIST_DIR}/main.sample.txt ${CMAKE_CURRENT_LIST_DIR}/big.sample.txt
    ${CMAKE_CURRENT_LIST_DIR}/refine.sample.txt)

function(expect_table expected)
    execute_process(COMMAND ${SCRIPT} ${ARGN} OUTPUT_VARIABLE found COMMAND_ERROR_IS_FATAL ANY)
    file(READ ${CMAKE_CURRENT_LIST_DIR}/${expected} wanted)
    if(NOT found STREQUAL wanted)
        message(FATAL_ERROR "the table is\n${found}\nand not, as in ${expected},\n${wanted}")
    endif()
endfunction()

expect_table(table.expected.txt ${samples} ${CMAKE_CURRENT_LIST_DIR}/peer.sample.txt)
expect_table(table_without_peer.expected.txt ${samples})

execute_process(COMMAND ${SCRIPT} ${CMAKE_CURRENT_LIST_DIR}/main.sample.txt RESULT_VARIABLE status ERROR_VARIABLE text)
if(NOT status EQUAL 2 OR NOT text MATCHES "usage: gpu_table.sh MAIN BIG REFINE")
    message(FATAL_ERROR "with too few files it ends with ${status} and '${text}', not with 2 and its usage")
endif()
