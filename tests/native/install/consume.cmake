# cmake -DBUILD=... -DWORK=... (see CMakeLists.txt) -P consume.cmake
#
# Installs into a prefix, moves it, builds the consumer against it in each way, runs it, and reads what it says.
cmake_minimum_required(VERSION 3.25)
if(NOT PKG_CONFIG)
    message("Skipped\nthere is no pkg-config")
    return()
endif()
set(first ${WORK}/first)
set(prefix ${WORK}/moved)
file(REMOVE_RECURSE ${WORK})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --config ${CONFIG} --prefix ${first}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(RENAME ${first} ${prefix})

# Nothing that is read by tools may say where it was built or first installed.
file(GLOB_RECURSE texts ${prefix}/*.cmake ${prefix}/*.pc ${prefix}/*.h)
foreach(text IN LISTS texts)
    file(READ ${text} content)
    foreach(folder ${first} ${BUILD})
        string(FIND "${content}" "${folder}" at)
        if(at GREATER -1)
            message(FATAL_ERROR "${text} holds ${folder}, so the prefix cannot be moved")
        endif()
    endforeach()
endforeach()

# run(PROGRAM TEXT LIBRARIES): it ends well and says the text; libraries are looked for in that folder too.
function(run program text libraries)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env LD_LIBRARY_PATH=${libraries} WINEPATH=${prefix}/bin
            ${EMULATOR} ${program}
        OUTPUT_VARIABLE output RESULT_VARIABLE result)
    string(FIND "${output}" "lposs ${VERSION}: ${text}" at)
    if(NOT result EQUAL 0 OR at EQUAL -1)
        message(FATAL_ERROR "${program} ended with ${result} and printed: ${output}")
    endif()
    if(NOT SHARED AND program MATCHES "consumer_c[^p]*$" AND NOT output MATCHES "cuda: .*CPU backend alone")
        message(FATAL_ERROR "${program} does not say that there is no CUDA backend: ${output}")
    endif()
endfunction()

# find_package. Where the whole project is C, the C++ runtime must come along by itself.
foreach(languages "C;CXX" "C")
    list(JOIN languages _ name)
    set(tree ${WORK}/${name})
    set(compilers -DCMAKE_C_COMPILER=${C_COMPILER} -DCMAKE_CXX_COMPILER=${CXX_COMPILER})
    if(TOOLCHAIN)
        set(compilers -DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN})
    endif()
    execute_process(COMMAND ${CMAKE_COMMAND} -S ${CONSUMER} -B ${tree} "-DCONSUMER_LANGUAGES=${languages}" ${compilers}
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH=${prefix} --no-warn-unused-cli
        OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${tree} --config Release
        OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
    run(${tree}/consumer_c${SUFFIX} "labels 1 0" "")
    if("CXX" IN_LIST languages)
        run(${tree}/consumer_cpp${SUFFIX} "white has lightness 100" "")
    endif()
endforeach()

# pkg-config
set(ENV{PKG_CONFIG_LIBDIR} ${prefix}/${LIBRARY_FOLDER}/pkgconfig)
execute_process(COMMAND ${PKG_CONFIG} --cflags --libs lposs
    OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(flags UNIX_COMMAND "${flags}")
if(SUFFIX STREQUAL ".exe")
    list(APPEND flags -static-libgcc -Wl,-Bstatic) # the runtime of C++, which Windows does not have
endif()
set(program ${WORK}/pkg_config_)
execute_process(COMMAND ${C_COMPILER} ${CONSUMER}/consumer.c -o ${program}c${SUFFIX} ${flags}
    COMMAND ${CXX_COMPILER} ${CONSUMER}/consumer.cpp -o ${program}cpp${SUFFIX} -pthread ${flags}
    COMMAND_ERROR_IS_FATAL ANY)
run(${program}c${SUFFIX} "labels 1 0" ${prefix}/${LIBRARY_FOLDER})
run(${program}cpp${SUFFIX} "white has lightness 100" ${prefix}/${LIBRARY_FOLDER})
