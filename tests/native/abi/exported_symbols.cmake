# The library exports each function that the header declares, and nothing else.
#   cmake -DNM=... -DLIBRARY=... -DHEADER=... -P exported_symbols.cmake
execute_process(COMMAND ${NM} --dynamic --defined-only --format=posix ${LIBRARY}
    OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" lines "${listing}")
foreach(line IN LISTS lines)
    string(REGEX REPLACE "[@ ].*" "" symbol "${line}")
    list(APPEND exported ${symbol})
endforeach()

file(READ ${HEADER} header)
string(REGEX MATCHALL "LPOSS_API [^;(]*(lposs_[a-z0-9_]+)\\(" declarations "${header}")
foreach(declaration IN LISTS declarations)
    string(REGEX REPLACE ".*(lposs_[a-z0-9_]+)\\($" "\\1" symbol "${declaration}")
    list(APPEND declared ${symbol})
endforeach()
list(LENGTH declared count)
if(count LESS 30)
    message(FATAL_ERROR "only ${count} declarations were found in ${HEADER}")
endif()

set(surplus ${exported})
list(REMOVE_ITEM surplus ${declared})
set(missing ${declared})
list(REMOVE_ITEM missing ${exported})
if(surplus OR missing)
    message(FATAL_ERROR "exported, but not in the header: ${surplus}\nin the header, but not exported: ${missing}")
endif()
message(STATUS "${count} functions, all of them exported, and nothing else")
