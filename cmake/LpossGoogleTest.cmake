# GoogleTest: the installed one or, where there is none (a GPU machine without packages), its sources in the folder
# LPOSS_GTEST_SOURCE.
set(LPOSS_GTEST_SOURCE "" CACHE PATH "GoogleTest's sources, for machines where it is not installed")

if(LPOSS_GTEST_SOURCE)
    set(BUILD_GMOCK OFF CACHE BOOL "" FORCE)
    set(INSTALL_GTEST OFF CACHE BOOL "" FORCE)
    set(BUILD_SHARED_LIBS OFF) # for GoogleTest alone
    add_subdirectory(${LPOSS_GTEST_SOURCE} ${CMAKE_BINARY_DIR}/googletest EXCLUDE_FROM_ALL SYSTEM)
    unset(BUILD_SHARED_LIBS) # the one in the cache counts again
    foreach(library gtest gtest_main)
        if(NOT TARGET GTest::${library})
            add_library(GTest::${library} ALIAS ${library})
        endif()
    endforeach()
else()
    find_package(GTest 1.12 REQUIRED)
endif()
include(GoogleTest)
