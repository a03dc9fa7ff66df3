# cmake --install: the library, its header and a CMake package, so that find_package(lposs) works elsewhere.
include(CMakePackageConfigHelpers)

install(TARGETS lposs EXPORT lposs-targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/native/include/lposs DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT lposs-targets NAMESPACE lposs:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/lposs FILE lposs-config.cmake)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/lposs-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/lposs-config-version.cmake
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/lposs)
