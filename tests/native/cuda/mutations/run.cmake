# Plants one fault at a time in a copy of a CUDA source, compiles it into the emulated backend, and runs tests that must
# notice. SETTINGS is a file that the build writes: CXX, SOURCES (native/src), INCLUDES, TESTS (lposs_unit_tests), WORK
# (a folder), and for each flavour FLAGS_<flavour> and OBJECTS_<flavour>, the object files of the whole backend. NAMES:
# a regular expression, if only some mutations are wanted.
cmake_minimum_required(VERSION 3.25)
include(${SETTINGS})

set(caught 0)
set(missed "")

# Compiles the sources of a copy with the folder `mutant` in front and runs the tests; result: their exit status.
function(run_tests result mutant flavour tests)
    set(objects ${OBJECTS_${flavour}})
    foreach(source IN LISTS ARGN)
        set(from ${mutant}/cuda/${source})
        if(NOT EXISTS ${from})
            set(from ${SOURCES}/cuda/${source})
        endif()
        set(object ${mutant}/${source}.o)
        get_filename_component(folder ${object} DIRECTORY)
        file(MAKE_DIRECTORY ${folder})
        execute_process(COMMAND ${CXX} -x c++ -std=gnu++17 ${FLAGS_${flavour}} -g -fPIC -fvisibility=hidden
            -fno-strict-aliasing -fno-math-errno -w -DGPU_ON_HOST=1 -DLPOSS_BUILDING -I${mutant} ${INCLUDES}
            -c ${from} -o ${object} COMMAND_ERROR_IS_FATAL ANY)
        list(FILTER objects EXCLUDE REGEX "/cuda/${source}\\.o$")
        list(APPEND objects ${object})
    endforeach()
    set(sanitizers "")
    set(runtime "")
    if(flavour STREQUAL asan)
        set(sanitizers -fsanitize=address,undefined)
        # The tests are not built with AddressSanitizer, so its runtime must be there before the library comes.
        execute_process(COMMAND ${CXX} -print-file-name=libasan.so OUTPUT_VARIABLE runtime
            OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    endif()
    execute_process(COMMAND ${CXX} -shared ${sanitizers} ${objects} -o ${mutant}/liblposs_cuda.so -ldl
        COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env LPOSS_TEST_DEVICES=cuda LPOSS_TEST_SCALE=small
        LPOSS_TEST_REQUIRE_DEVICE=1 LPOSS_CUDA_LIBRARY=${mutant}/liblposs_cuda.so
        LD_PRELOAD=${runtime} ${TESTS} --gtest_filter=${tests} --gtest_fail_fast
        RESULT_VARIABLE status OUTPUT_FILE ${mutant}/tests.log ERROR_FILE ${mutant}/tests.log TIMEOUT 300)
    set(${result} ${status} PARENT_SCOPE)
endfunction()

# mutation(<name> FILE <source or header> [COMPILE <source>...] FLAVOUR <flavour> TESTS <filter>
#          FIND <text that is there once> PUT <text>)
function(mutation name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "FILE;FLAVOUR;TESTS;FIND;PUT" "COMPILE")
    if(NAMES AND NOT name MATCHES "${NAMES}")
        return()
    endif()
    if(NOT arg_COMPILE)
        set(arg_COMPILE ${arg_FILE})
    endif()
    file(READ ${SOURCES}/cuda/${arg_FILE} text)
    string(FIND "${text}" "${arg_FIND}" first)
    string(FIND "${text}" "${arg_FIND}" last REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL last)
        message(FATAL_ERROR "mutation ${name}: its text is not exactly once in ${arg_FILE}")
    endif()
    string(REPLACE "${arg_FIND}" "${arg_PUT}" text "${text}")
    file(REMOVE_RECURSE ${WORK}/${name})
    file(WRITE ${WORK}/${name}/cuda/${arg_FILE} "${text}")
    run_tests(status ${WORK}/${name} ${arg_FLAVOUR} "${arg_TESTS}" ${arg_COMPILE})
    if(status EQUAL 0 OR status EQUAL 77)
        message("NOT CAUGHT  ${name} (${arg_FLAVOUR}, ${arg_TESTS})")
        list(APPEND missed ${name})
        set(missed "${missed}" PARENT_SCOPE)
        return()
    endif()
    file(STRINGS ${WORK}/${name}/tests.log reason REGEX
        "exception with description|_test\\.cpp:|ERROR: AddressSanitizer|runtime error"
        LIMIT_COUNT 1)
    message("caught      ${name} (${arg_FLAVOUR}): ${reason}")
    math(EXPR caught "${caught} + 1")
    set(caught ${caught} PARENT_SCOPE)
    file(REMOVE_RECURSE ${WORK}/${name})
endfunction()

# A copy without a fault must pass, or the rest would prove nothing.
foreach(flavour plain asan check)
    file(MAKE_DIRECTORY ${WORK}/none)
    run_tests(status ${WORK}/none ${flavour} "On/Knn.*:On/PatchGraph.*:On/Stitch.*:On/Argmax.*:On/Resize.*"
        graph/knn.cu)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "without a mutation the tests fail (${flavour}): see ${WORK}/none/tests.log")
    endif()
endforeach()

include(${CMAKE_CURRENT_LIST_DIR}/mutations.cmake)

if(missed)
    list(JOIN missed ", " text)
    message(FATAL_ERROR "not caught: ${text}")
endif()
if(caught EQUAL 0)
    message(FATAL_ERROR "no mutation was run")
endif()
message("all ${caught} mutations were caught")
