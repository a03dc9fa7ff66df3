# cmake --install: the library, its header, a CMake package and lposs.pc. All of them say where they are by where they
# are found, so that the prefix may be moved.
include(CMakePackageConfigHelpers)

install(TARGETS lposs EXPORT lposs-targets
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/native/include/lposs DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/lposs)
install(EXPORT lposs-targets NAMESPACE lposs:: DESTINATION ${package})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/lposs-config.cmake.in
    ${CMAKE_CURRENT_BINARY_DIR}/lposs-config.cmake INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/lposs-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/lposs-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/lposs-config-version.cmake
    DESTINATION ${package})

set(LPOSS_PC_FLAGS "")
set(LPOSS_PC_LIBRARIES "")
if(NOT BUILD_SHARED_LIBS)
    set(LPOSS_PC_FLAGS " -DLPOSS_STATIC")
    list(TRANSFORM LPOSS_CXX_RUNTIME PREPEND " -l" OUTPUT_VARIABLE LPOSS_PC_LIBRARIES)
    list(JOIN LPOSS_PC_LIBRARIES "" LPOSS_PC_LIBRARIES)
    string(APPEND LPOSS_PC_LIBRARIES " ${CMAKE_THREAD_LIBS_INIT}")
    string(STRIP "${LPOSS_PC_LIBRARIES}" LPOSS_PC_LIBRARIES)
    string(PREPEND LPOSS_PC_LIBRARIES " ")
endif()
file(RELATIVE_PATH LPOSS_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${PROJECT_SOURCE_DIR}/cmake/lposs.pc.in ${CMAKE_CURRENT_BINARY_DIR}/lposs.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/lposs.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
